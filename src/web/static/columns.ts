import { onDo } from './doers.ts';
import { html } from './draw.ts';
import { openMenu } from './menu.ts';
import { remember, say } from './page-root.ts';

/** Columns a reader can leave out; the others say which process, where and how it is. */
const CHOICE = ['restarts', 'exit', 'cpu', 'memory', 'strip'] as const;

function hidden(): string[] {
  return (document.documentElement.dataset.hide ?? '').split(' ').filter(Boolean);
}

onDo('columns', (on) =>
  openMenu(on, 'columns-menu', () =>
    html('partials/menu', {
      title: say('columns.title'),
      items: CHOICE.map((name) => ({
        does: 'column',
        verb: name,
        label: say(`column.${name}`),
        icon: hidden().includes(name) ? 'eye-off' : 'check',
      })),
    }),
  ),
);

onDo('column', (on) => {
  const name = on.dataset.verb ?? '';
  const before = hidden();
  const after = before.includes(name) ? before.filter((one) => one !== name) : [...before, name];
  document.documentElement.dataset.hide = after.join(' ');
  remember('hide', after.join(' '));
});
