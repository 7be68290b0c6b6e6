import type { Action, ActionRequest, Plan } from '../../api/contract.ts';
import { readable } from '../view/jobs.ts';
import { linkTo } from '../view/links.ts';
import { nameOfTarget, PLAN_ICONS, planView } from '../view/plan.ts';
import { type Answer, call, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { html } from './draw.ts';
import { go } from './navigation.ts';
import { say } from './page-root.ts';
import { picks } from './picked.ts';
import { reader, redraw } from './screen.ts';
import { closeSheet, openSheet, redrawSheet } from './sheet.ts';
import { store } from './store.ts';

interface Open {
  readonly request: ActionRequest;
  readonly dialog: HTMLDialogElement;
  readonly out: Set<string>;
  plan: Plan | null;
  problem: { cause: string; mend: string } | null;
  failed: { cause: string; mend: string } | null;
  sending: boolean;
}

let current: Open | null = null;

/** Shows what an action would touch. Nothing happens until its button is pressed. */
export async function openPlan(request: ActionRequest): Promise<void> {
  const dialog = openSheet('sheet', sheetText(null, request), () => {
    if (current?.dialog === dialog) current = null;
  });
  const opened: Open = {
    request,
    dialog,
    out: new Set(),
    plan: null,
    problem: null,
    failed: null,
    sending: false,
  };
  current = opened;
  const answer: Answer<Plan> = await call('POST', '/plans', request);
  if (answer.ok) opened.plan = answer.value;
  else opened.problem = problemWords(answer.problem);
  drawPlan();
  dialog.querySelector<HTMLElement>('[data-do="run"]')?.focus();
}

function sheetText(opened: Open | null, request: ActionRequest): string {
  const title = say(`job.${request.verb}`, { what: readable(request.selector) });
  const world = store.world;
  const icon = PLAN_ICONS[request.verb];
  if (opened === null || world === null) return html('partials/plan-sheet', { looking: true, title, icon });
  if (opened.plan === null)
    return html('partials/plan-sheet', {
      looking: opened.problem === null,
      problem: opened.problem,
      title,
      icon,
    });
  const view = planView(opened.plan, opened.out, world, reader());
  return html('partials/plan-sheet', { ...view, failed: opened.failed, sending: opened.sending });
}

function drawPlan(): void {
  if (current !== null) redrawSheet(current.dialog, sheetText(current, current.request));
}

function toggle(targets: readonly string[]): void {
  if (current === null) return;
  const { out } = current;
  const allOut = targets.every((target) => out.has(target));
  for (const target of targets) {
    if (allOut) out.delete(target);
    else out.add(target);
  }
  drawPlan();
}

onDo('plan-tick', (on) => {
  const targets =
    current?.plan?.targets.filter(({ host }) => host === on.dataset.host).map(nameOfTarget) ?? [];
  const someIn = targets.filter((target) => !current?.out.has(target));
  toggle(someIn.length === 0 ? targets : someIn);
});
onDo('plan-tick-one', (on) => toggle([on.dataset.target ?? '']));

onDo('run', () => void run());

async function run(): Promise<void> {
  const opened = current;
  if (opened?.plan == null || opened.sending) return;
  opened.sending = true;
  opened.failed = null;
  drawPlan();
  const only = opened.plan.targets.map(nameOfTarget).filter((target) => !opened.out.has(target));
  // Exactly what the sheet showed: a process that appeared since is not touched.
  const answer: Answer<Action> = await call('POST', '/actions', { ...opened.request, only });
  opened.sending = false;
  if (!answer.ok) {
    opened.failed = problemWords(answer.problem);
    drawPlan();
    return;
  }
  store.action(answer.value);
  picks.clear();
  closeSheet();
  if (only.length > 1) go(linkTo.action(answer.value.id));
  else redraw();
}

onDo('plan', (on) => {
  const verb = (['start', 'stop', 'restart'] as const).find((one) => one === on.dataset.verb);
  const selector = on.dataset.selector ?? '';
  if (verb === undefined) return;
  const only = on.dataset.only?.split('\n').filter(Boolean);
  void openPlan(only === undefined ? { verb, selector } : { verb, selector, only });
});
