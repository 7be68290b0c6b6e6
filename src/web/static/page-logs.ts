import { linkTo } from '../view/links.ts';
import { LogView } from './log-view.ts';

const views = new Map<HTMLElement, LogView>();

/** Starts the tails a page holds, and ends those whose page is gone. */
export function drawPageLogs(): void {
  for (const [element, view] of views) {
    if (element.isConnected) continue;
    view.close();
    views.delete(element);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-log-target]')) {
    if (views.has(element)) continue;
    const targets = (element.dataset.logTarget ?? '').split('\n').filter(Boolean);
    const page = element.dataset.logPage === 'yes';
    views.set(
      element,
      new LogView(element, {
        targets,
        drawer: false,
        page,
        link: linkTo.logsOf(targets),
        title: targets[0] ?? '',
      }),
    );
  }
}
