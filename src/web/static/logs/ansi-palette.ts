type Rgb = readonly [red: number, green: number, blue: number];

/** The colours a terminal has names for; each is drawn so that it can be read in both themes. */
const NAMED: readonly (readonly [name: string, rgb: Rgb])[] = [
  ['black', [0, 0, 0]],
  ['red', [187, 0, 0]],
  ['green', [0, 187, 0]],
  ['yellow', [187, 187, 0]],
  ['blue', [0, 0, 187]],
  ['magenta', [187, 0, 187]],
  ['cyan', [0, 187, 187]],
  ['white', [220, 220, 220]],
  ['bright-black', [110, 110, 110]],
  ['bright-red', [255, 85, 85]],
  ['bright-green', [0, 255, 0]],
  ['bright-yellow', [255, 255, 85]],
  ['bright-blue', [85, 85, 255]],
  ['bright-magenta', [255, 85, 255]],
  ['bright-cyan', [85, 255, 255]],
  ['bright-white', [255, 255, 255]],
];

const OPENING = /<span(?: style="([^"]*)")?(?: class="([^"]*)")?(?: style="([^"]*)")?>/g;

/**
 * The HTML of ansi_up without a style attribute, which the page's policy forbids: a colour out of millions becomes the
 * nearest one with a name, weight and lines become classes. `<` in a log line is escaped, so this meets only our own.
 */
export function inPalette(html: string): string {
  if (!html.includes(' style="')) return html;
  return html.replace(OPENING, (_whole, before = '', names = '', after = '') => {
    const classes = [names, ...classesOf(`${before};${after}`)].filter(Boolean).join(' ');
    return classes === '' ? '<span>' : `<span class="${classes}">`;
  });
}

function classesOf(style: string): string[] {
  return style.split(';').flatMap((rule) => {
    const [name = '', value = ''] = rule.split(':');
    const rgb = /rgb\((\d+),\s*(\d+),\s*(\d+)\)/.exec(value);
    if (rgb !== null) {
      const nearest = nearestName([Number(rgb[1]), Number(rgb[2]), Number(rgb[3])]);
      return `ansi-${nearest}-${name.startsWith('background') ? 'bg' : 'fg'}`;
    }
    const plain = PLAIN[`${name}:${value}`.replace(/\s+/g, '')];
    return plain === undefined ? [] : plain;
  });
}

const PLAIN: Readonly<Record<string, string>> = {
  'font-weight:bold': 'ansi-bold',
  'opacity:0.7': 'ansi-faint',
  'font-style:italic': 'ansi-italic',
  'text-decoration:underline': 'ansi-underline',
};

function nearestName(rgb: Rgb): string {
  let best = 'white';
  let least = Number.POSITIVE_INFINITY;
  for (const [name, [red, green, blue]] of NAMED) {
    const far = (rgb[0] - red) ** 2 + (rgb[1] - green) ** 2 + (rgb[2] - blue) ** 2;
    if (far >= least) continue;
    least = far;
    best = name;
  }
  return best;
}
