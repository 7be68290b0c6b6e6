/** The stylesheet of the host's own pages: quiet when healthy, one column of cards on a phone, light and dark. */
export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --page: #f4f5f7; --panel: #fff; --line: #e4e7eb; --strong: #cfd5dc; --sunk: #eef0f3;
  --text: #171c22; --second: #4b5561; --third: #5c6772; --accent: #4a46c9;
  --bad: #bd1e2d; --on-bad: #fff; --warn: #9a4a00; --busy: #0b62a8; --ok: #2b9a66;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1115; --panel: #151a20; --line: #232a32; --strong: #343d48; --sunk: #0a0d10;
    --text: #e4e8ed; --second: #adb6c0; --third: #8d98a5; --accent: #8e8bf5;
    --bad: #f2616b; --on-bad: #23060a; --warn: #ffb35c; --busy: #74bcff; --ok: #3fb27f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 13px/20px system-ui, sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; padding: 10px 16px; background: var(--panel); border-bottom: 1px solid var(--line); }
header h1 { margin: 0; font-size: 16px; overflow-wrap: anywhere; }
.summary { margin: 0 auto 0 0; color: var(--second); font-variant-numeric: tabular-nums; }
nav { display: flex; gap: 8px; }
main { padding: 12px 16px; }
.message { margin: 0 0 12px; padding: 8px 12px; background: var(--sunk); border-left: 3px solid var(--accent); overflow-wrap: anywhere; }
.message:empty { display: none; }
.stale { opacity: .55; }
table { width: 100%; border-collapse: collapse; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
th { padding: 6px 12px; text-align: left; font-size: 11px; font-weight: 500; color: var(--third); }
td { padding: 4px 12px; border-top: 1px solid var(--line); vertical-align: middle; overflow-wrap: anywhere; }
td.state { white-space: nowrap; }
td.about { color: var(--second); font-variant-numeric: tabular-nums; }
.state span { display: inline-flex; align-items: center; }
.state span::before { content: ''; flex: none; box-sizing: border-box; width: 10px; height: 10px; margin-right: 7px; border: 2px solid var(--third); }
.state .running { color: var(--second); }
.state .running::before { border: 0; border-radius: 50%; background: var(--ok); }
.state .starting, .state .stopping { color: var(--busy); }
.state .starting::before, .state .stopping::before { border-color: var(--busy); border-radius: 50%; }
.state .backoff { color: var(--warn); font-weight: 600; }
.state .backoff::before { border-color: var(--warn); transform: rotate(45deg); }
.state .fatal { padding: 1px 6px; border-radius: 4px; background: var(--bad); color: var(--on-bad); font-weight: 650; }
.state .fatal::before { border: 0; background: var(--on-bad); clip-path: polygon(15% 0, 50% 35%, 85% 0, 100% 15%, 65% 50%, 100% 85%, 85% 100%, 50% 65%, 15% 100%, 0 85%, 35% 50%, 0 15%); }
.state .exited::before { border-radius: 50%; }
.state .unknown::before { border-style: dashed; border-radius: 50%; }
.actions { display: flex; gap: 4px 6px; }
td:last-child { width: 1%; }
.actions a, nav a { padding: 1px 8px; border: 1px solid var(--strong); border-radius: 6px; color: var(--text); white-space: nowrap; }
.actions a:hover, nav a:hover { background: var(--sunk); text-decoration: none; }
.actions a.stop, nav a.stop { color: var(--bad); }
.busy { opacity: .5; pointer-events: none; }
pre { margin: 0; padding: 8px 12px; background: var(--sunk); font: 12px/18px ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.drawer { position: fixed; right: 0; bottom: 0; left: 0; background: var(--panel); border-top: 1px solid var(--strong); }
.drawer[hidden] { display: none; }
.drawer pre:empty::before { content: 'Nothing has been written yet.'; color: var(--third); }
.drawer p { display: flex; gap: 12px; margin: 0; padding: 6px 16px; }
.drawer strong { margin-right: auto; overflow-wrap: anywhere; }
.drawer pre { height: 40vh; overflow: auto; }
footer { padding: 12px 16px 48vh; color: var(--third); }
@media (max-width: 700px) {
  thead { display: none; }
  table, tbody { display: block; border: 0; background: none; }
  tr { margin-bottom: 8px; padding: 8px 0; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
  tr { display: flex; flex-direction: column; }
  td { border: 0; padding: 2px 12px; }
  td:nth-child(3) { order: -1; font-size: 14px; font-weight: 600; }
  td:last-child { width: auto; }
  .actions { display: grid; grid-template-columns: repeat(3, 1fr); margin-top: 4px; text-align: center; }
  .actions a, nav a { padding: 6px 8px; }
  .summary { order: 1; width: 100%; }
  nav { margin-left: auto; }
}
`;

/** A running dot on a square: the mark of the pages. */
export const PAGE_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#4a46c9"/><circle cx="8" cy="8" r="4" fill="#fff"/></svg>';
