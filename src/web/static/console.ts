import './theme.ts';
import './table-doing.ts';
import { listenForDoing } from './doers.ts';
import { watchFleet } from './live.ts';
import { drawLive } from './live-line.ts';
import { followLinks } from './navigation.ts';
import { whenActionComes } from './old-actions.ts';
import { remember } from './page-root.ts';
import { drawRows } from './rows.ts';
import { afterDraw, redraw } from './screen.ts';
import { store } from './store.ts';

remember('zone', Intl.DateTimeFormat().resolvedOptions().timeZone);
listenForDoing();
followLinks();
afterDraw(drawRows);
store.onChange(redraw);
whenActionComes(redraw);
watchFleet(drawLive);
setInterval(() => {
  if (!document.hidden) redraw();
  drawLive();
}, 1_000);
