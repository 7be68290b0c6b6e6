import { blockHeight, PLAN_HEIGHTS, type PlanBlock, type PlanPart } from '../view/plan.ts';
import { offsetsOf } from '../view/window.ts';
import { html } from './draw.ts';
import { WindowedList } from './windowed-list.ts';

const phone = matchMedia('(max-width: 699px)');
const lists = new WeakMap<HTMLElement, WindowedList>();

/** Draws of a long plan what is in sight: what it touches, and what it leaves alone. */
export function drawPlanLists(
  dialog: HTMLElement,
  { blocks, leftLines }: { readonly blocks: readonly PlanBlock[]; readonly leftLines: readonly PlanPart[] },
): void {
  const px = PLAN_HEIGHTS[phone.matches ? 'phone' : 'wide'];
  drawIn(dialog, '#plan-blocks', 'partials/plan-block', blocks, (block) => blockHeight(block, px));
  drawIn(dialog, '#plan-left', 'partials/plan-left', leftLines, () => px.left);
}

function drawIn<T extends PlanPart>(
  dialog: HTMLElement,
  selector: string,
  template: string,
  parts: readonly T[],
  heightOf: (part: T) => number,
): void {
  const into = dialog.querySelector<HTMLElement>(selector);
  const scroller = dialog.querySelector<HTMLElement>('.sheet-body');
  if (into === null || scroller === null) return;
  const list = lists.get(into) ?? new WindowedList(scroller, into, () => {});
  lists.set(into, list);
  list.show({
    offsets: offsetsOf(parts, heightOf),
    items: (from, to) =>
      parts.slice(from, to).map((part) => ({ key: part.key, text: () => html(template, part.view()) })),
  });
}
