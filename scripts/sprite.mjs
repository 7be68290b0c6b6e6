// The console's icons: which Tabler outlines it uses, and its own 12 px glyphs, one outline per state.
export const iconNames = [
  'adjustments-horizontal',
  'alert-triangle',
  'arrow-bar-to-down',
  'arrow-up-right',
  'bookmark',
  'check',
  'chevron-down',
  'chevron-left',
  'chevron-right',
  'chevron-up',
  'circle-dashed',
  'clock',
  'columns',
  'command',
  'copy',
  'device-desktop',
  'dots',
  'download',
  'external-link',
  'eye-off',
  'filter',
  'key',
  'keyboard',
  'language',
  'layout-dashboard',
  'list-details',
  'layout-list',
  'link',
  'list',
  'lock',
  'logout',
  'menu-2',
  'moon',
  'player-pause',
  'player-play',
  'plug-connected',
  'plug-connected-x',
  'plus',
  'refresh',
  'search',
  'server-2',
  'settings',
  'square',
  'stack-2',
  'stethoscope',
  'sun',
  'text-wrap',
  'trash',
  'user',
  'volume',
  'volume-off',
  'x',
  'history',
  'packages',
  'bolt',
  'eraser',
  'file-diff',
  'file-search',
  'power',
  'pencil',
  'tool',
  'file-import',
  'arrow-back-up',
];

const symbol = (id, shapes) => `<symbol id="g-${id}" viewBox="0 0 12 12">${shapes}</symbol>`;
const ring = (extra = '') =>
  `<circle cx="6" cy="6" r="4.9" fill="none" stroke="currentColor" stroke-width="1.3" ${extra}/>`;
const cut = (d) =>
  `<path d="${d}" fill="none" stroke="var(--cut)" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>`;
const line = (d, width = 1.3) =>
  `<path d="${d}" fill="none" stroke="currentColor" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
const dashed = ring('stroke-dasharray="2.2 1.65"');

export const glyphSymbols = [
  symbol(
    'fatal',
    `<path d="M3.9.7h4.2l3.2 3.2v4.2l-3.2 3.2H3.9L.7 8.1V3.9z" fill="currentColor" stroke="currentColor" stroke-width=".8" stroke-linejoin="round"/>${cut('M4.2 4.2l3.6 3.6M7.8 4.2L4.2 7.8')}`,
  ),
  symbol('unreachable', dashed + line('M3.4 8.6l5.2-5.2')),
  symbol('stale', dashed + line('M3.4 8.6l5.2-5.2')),
  symbol(
    'backoff',
    `<path d="M6 1.2L11.2 10.6H.8z" fill="currentColor" stroke="currentColor" stroke-width="1.2" stroke-linejoin="round"/>${cut('M6 4.5v2.6M6 9.1v.02')}`,
  ),
  symbol(
    'flapping',
    `<path d="M6 .8L11.2 6 6 11.2.8 6z" fill="currentColor" stroke="currentColor" stroke-width="1" stroke-linejoin="round"/>${cut('M3.2 6.6l1.6-1.5 2.2 1.9 1.7-1.6')}`,
  ),
  symbol(
    'crashed',
    `<path d="M6 1L11 6 6 11 1 6z" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round"/>${line('M6 3.9v2.3M6 8v.02', 1.4)}`,
  ),
  symbol('unknown', dashed + line('M4.7 4.7c0-1.7 2.6-1.7 2.6 0 0 1-1.3 1-1.3 2M6 8.4v.02', 1.2)),
  symbol('starting', `${ring()}<path d="M6 3.2l2.5 4.3h-5z" fill="currentColor"/>`),
  symbol('stopping', `${ring()}<path d="M6 8.8L3.5 4.5h5z" fill="currentColor"/>`),
  symbol(
    'stopped',
    '<rect x="1.8" y="1.8" width="8.4" height="8.4" rx="1.2" fill="none" stroke="currentColor" stroke-width="1.3"/>',
  ),
  symbol('exited', ring() + line('M3.9 6.1l1.5 1.5 2.8-3', 1.2)),
  symbol('running', '<circle cx="6" cy="6" r="3.4" fill="currentColor"/>'),
  symbol('waiting', ring('stroke-dasharray="1.6 2.25"')),
  symbol('done', line('M1.6 6.4l2.9 2.9 5.9-6', 1.5)),
  symbol('dash', line('M2 6h8', 1.4)),
  symbol(
    'ring',
    ring('opacity=".25"') +
      '<path d="M6 1.1a4.9 4.9 0 1 1-4.2 7.4" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>',
  ),
  // An arrow round a play mark: nobody takes it for "refresh the page".
  `<symbol id="i-restart" viewBox="0 0 24 24"><path d="M19.9 13.5A8 8 0 1 1 19 7.8"/><path d="M20 3.5v4.8h-4.8"/><path d="M10 8.8v6.4l5-3.2z" fill="currentColor" stroke-width="1"/></symbol>`,
  `<symbol id="i-mark" viewBox="0 0 20 20"><rect width="20" height="20" rx="5" fill="var(--mark, currentColor)" stroke="none"/><path d="M5.2 5v10M9.1 5v6" stroke="var(--mark-bars, #fff)" stroke-width="2.1" stroke-linecap="round"/><path d="M12.6 5v10M15.8 10v5" stroke="var(--mark-bars, #fff)" stroke-opacity=".55" stroke-width="1.8" stroke-linecap="round"/></symbol>`,
].join('');
