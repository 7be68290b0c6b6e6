import type { Action } from '../../api/contract.ts';
import { jobOf, readable } from '../view/jobs.ts';
import { linkTo } from '../view/links.ts';
import { hostCare, hostVerbs, quieterVerbs, RULE } from '../view/more-verbs.ts';
import { GROUP_BYS, linkOf, queryOf } from '../view/query.ts';
import { canDo } from '../view/row-view.ts';
import { targetOf } from '../view/world.ts';
import { call, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { announce, byId, closest, copy } from './dom.ts';
import { draw, html } from './draw.ts';
import { keysAreOn } from './key-switch.ts';
import { socket } from './live.ts';
import { root, say } from './page-root.ts';
import { reader, redraw } from './screen.ts';
import { store } from './store.ts';
import { isDark } from './theme.ts';

let menu: HTMLElement | null = null;
let opener: HTMLElement | null = null;
let redrawMenu: (() => string) | null = null;

/** A small list at the button that opened it; on a phone a sheet from below. */
export function openMenu(
  at: HTMLElement,
  className: string,
  text: () => string,
  role: 'menu' | 'group' = 'menu',
): void {
  const again = opener === at && menu !== null;
  closeMenu();
  if (again) return;
  menu = document.createElement('div');
  menu.className = `menu ${className}`;
  menu.setAttribute('role', role);
  menu.setAttribute('aria-label', at.title || at.innerText.trim());
  byId('menus').append(menu);
  redrawMenu = text;
  draw(menu, text());
  place(menu, at);
  opener = at;
  menu.querySelector<HTMLElement>('a, button:not(:disabled)')?.focus();
}

/** Arrows, Home and End go from item to item, as in any menu. */
function moveIn(list: HTMLElement, key: string): boolean {
  const items = [...list.querySelectorAll<HTMLElement>('a, button:not(:disabled)')];
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[key];
  if (to === undefined) return false;
  items[(to + items.length) % Math.max(1, items.length)]?.focus();
  return true;
}

document.addEventListener('keydown', (event) => {
  if (menu?.contains(document.activeElement) && moveIn(menu, event.key)) event.preventDefault();
});

function place(box: HTMLElement, at: HTMLElement): void {
  if (matchMedia('(max-width: 699px)').matches) return;
  const spot = at.getBoundingClientRect();
  const wide = box.offsetWidth;
  box.style.left = `${Math.max(8, Math.min(spot.right - wide, innerWidth - wide - 8))}px`;
  const below = spot.bottom + 4;
  const room = innerHeight - below > box.offsetHeight + 8;
  box.style.top = room ? `${below}px` : `${Math.max(8, spot.top - box.offsetHeight - 4)}px`;
}

export function closeMenu(): boolean {
  if (menu === null) return false;
  const hadFocus = menu.contains(document.activeElement);
  menu.remove();
  menu = null;
  redrawMenu = null;
  if (hadFocus) opener?.focus();
  opener = null;
  return true;
}

/** A tray that is open follows the actions. */
export function drawMenu(): void {
  if (menu !== null && redrawMenu !== null) draw(menu, redrawMenu());
}

document.addEventListener('click', (event) => {
  if (
    menu !== null &&
    !menu.contains(event.target instanceof Node ? event.target : null) &&
    closest(event.target, '[data-do]') !== opener
  )
    closeMenu();
  else if (menu !== null && closest(event.target, '.menu-item, .tray-job a, .menu-head a'))
    setTimeout(closeMenu);
});

onDo('tray', (on) =>
  openMenu(
    on,
    'tray',
    () =>
      html('partials/tray', {
        jobs: store.world?.fleet.actions.slice(0, 10).map((action) => jobOf(action, reader())) ?? [],
      }),
    'group',
  ),
);

onDo('row-more', (on) => {
  const key = closest(on, '.row')?.dataset.key ?? '';
  const member = store.world?.byKey.get(key);
  if (member === undefined) return;
  const target = targetOf(member);
  const can = canDo(member, reader());
  const verb = (name: 'start' | 'restart' | 'stop', icon: string, key: string): object => ({
    does: 'plan',
    verb: name,
    selector: target,
    label: say(`do.${name}`),
    icon,
    key,
    off: can[name],
    danger: name === 'stop',
  });
  const items = [
    { link: linkTo.process(member), label: say('do.open'), icon: 'arrow-up-right', key: 'Enter' },
    { does: 'tail', target, label: say('do.tail'), icon: 'list', key: 't', off: can.tail },
    { link: linkTo.group(member.process.group), label: member.process.group, icon: 'packages' },
    { link: linkTo.host(member.host), label: member.host.name, icon: 'server-2' },
    { rule: true },
    verb('start', 'player-play', 's'),
    verb('restart', 'restart', 'r'),
    { rule: true },
    ...quieterVerbs(target, reader()),
    { rule: true },
    verb('stop', 'square', 'S'),
  ];
  openMenu(on, 'row-menu', () => html('partials/menu', { title: target, items }));
});

onDo('more-verbs', (on) => {
  const { selector = '', host, id } = on.dataset;
  const care = reader().may('manage-hosts') ? store.world?.hosts.find((one) => one.id === id) : undefined;
  openMenu(on, 'verbs-menu', () =>
    html('partials/menu', {
      title: readable(selector),
      items: [
        ...quieterVerbs(selector, reader()),
        ...(host === undefined ? [] : [RULE, ...hostVerbs(host, reader())]),
        ...(care === undefined ? [] : [RULE, ...hostCare(care, reader())]),
      ],
    }),
  );
});

onDo('resume-action', async (on) => {
  const answer = await call<Action>('POST', `/actions/${encodeURIComponent(on.dataset.id ?? '')}/resume`, {});
  if (answer.ok) store.action(answer.value);
  else announce(Object.values(problemWords(answer.problem)).join(' '));
  redraw();
});

onDo('me', (on) =>
  openMenu(on, 'me-menu', () =>
    html('partials/menu', {
      title: say('me.signedInAs', { user: root.user, role: say(`role.${root.role}`) }),
      items: settings(),
    }),
  ),
);

function settings(): object[] {
  return [
    { link: '/settings/you', label: say('nav.settings'), icon: 'settings' },
    { does: 'theme', label: say(isDark() ? 'theme.light' : 'theme.dark'), icon: isDark() ? 'sun' : 'moon' },
    { does: 'language', label: root.language === 'zh' ? 'English' : '简体中文', icon: 'language' },
    { does: 'keys', label: say('keys.title'), icon: 'keyboard', key: '?' },
    { does: 'keys-switch', label: say('keys.switch'), icon: 'command', on: keysAreOn() },
    { rule: true },
    { does: 'sign-out', label: say('do.signOut'), icon: 'logout' },
  ];
}

onDo('more', (on) =>
  openMenu(on, 'more-menu', () =>
    html('partials/menu', {
      title: '',
      items: [
        { link: '/groups', label: say('nav.groups'), icon: 'packages' },
        { link: '/actions', label: say('nav.actions'), icon: 'history' },
        { link: '/schedules', label: say('nav.schedules'), icon: 'calendar-time' },
        { link: '/alerts', label: say('nav.alerts'), icon: 'bell' },
        { does: 'tray', label: say('overview.running'), icon: 'circle-dashed' },
        { rule: true },
        ...settings(),
      ],
    }),
  ),
);

onDo('by-menu', (on) => {
  const query = queryOf(new URLSearchParams(location.search));
  const items = [
    ...GROUP_BYS.map((by) => ({
      link: linkOf({ ...query, by, turned: [] }),
      label: say(`by.${by}`),
      icon: query.by === by ? 'check' : 'stack-2',
    })),
    { rule: true },
    {
      link: linkOf({ ...query, fold: !query.fold }),
      label: say('table.fold'),
      icon: query.fold ? 'check' : 'x',
    },
  ];
  openMenu(on, 'by', () => html('partials/menu', { title: say('by.label'), items }));
});

/** Without the socket, which would be told that the session is over and lead back to this page. */
onDo('sign-out', async () => {
  socket.disconnect();
  await call('DELETE', '/session');
  location.assign(`${root.base}/sign-in`);
});

onDo('cancel-action', async (on) => {
  const answer = await call<Action>('POST', `/actions/${encodeURIComponent(on.dataset.id ?? '')}/cancel`, {});
  if (answer.ok) store.action(answer.value);
  else announce(Object.values(problemWords(answer.problem)).join(' '));
  redraw();
});

onDo('copy', async (on) => {
  if (await copy(on.dataset.text ?? '')) announce(say('do.copied'));
});
