import type { NavKey } from './links.ts';
import type { PageView } from './page.ts';
import type { Reader } from './reader.ts';

/** Something a link named is not there (any more): said with the way back. */
export function missingPage(
  nav: NavKey,
  says: string,
  back: string,
  reader: Reader,
  side: PageView['side'],
): PageView {
  return {
    nav,
    title: reader.say('missing.title'),
    found: false,
    side,
    main: { template: 'pages/missing', model: { says, back, backLabel: reader.say(`nav.${nav}`) } },
  };
}
