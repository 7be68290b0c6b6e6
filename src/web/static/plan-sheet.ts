import type { Action, ActionRequest, Plan } from '../../api/contract.ts';
import { isVerb, type Verb } from '../../fleet/action.ts';
import { targetName } from '../view/actions.ts';
import { namesIn, readable } from '../view/jobs.ts';
import { linkTo } from '../view/links.ts';
import { planView, typedWord, VERB_ICONS } from '../view/plan.ts';
import { FIRST_ROLL, picked } from '../view/plan-pace.ts';
import { type Answer, call, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { html } from './draw.ts';
import { go } from './navigation.ts';
import { knownAction } from './old-actions.ts';
import { say } from './page-root.ts';
import { picks } from './picked.ts';
import { drawPlanLists } from './plan-lists.ts';
import { scheduleThis } from './schedules.ts';
import { reader, redraw } from './screen.ts';
import { closeSheet, openSheet, redrawSheet } from './sheet.ts';
import { store } from './store.ts';

interface Open {
  request: ActionRequest;
  readonly dialog: HTMLDialogElement;
  readonly out: Set<string>;
  plan: Plan | null;
  problem: { cause: string; mend: string } | null;
  failed: { cause: string; mend: string } | null;
  sending: boolean;
  /** Typed to confirm, where that is asked. */
  word: string;
  /** What of a long plan is looked at. */
  text: string;
  /** Of a long plan. */
  lists: ReturnType<typeof planView>['lists'] | null;
}

/** As many as the hub takes. */
const MOST_NAMED = 20_000;
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
    word: '',
    text: '',
    lists: null,
  };
  current = opened;
  await ask(opened);
  dialog.querySelector<HTMLElement>('[data-do="run"]')?.focus();
}

/** Asks the hub what the request would touch, the latest request winning. */
async function ask(opened: Open): Promise<void> {
  const { request } = opened;
  const answer: Answer<Plan> = await call('POST', '/plans', request);
  if (opened.request !== request) return;
  opened.problem = answer.ok ? null : problemWords(answer.problem);
  if (answer.ok) opened.plan = answer.value;
  drawPlan();
}

/** True once it may run: where a word is asked, it is typed. */
function confirmed({ plan, word }: Open): boolean {
  const wanted = plan === null ? null : typedWord(plan);
  return wanted === null || word.trim() === wanted;
}

function change(next: Partial<ActionRequest>): void {
  if (current === null) return;
  current.request = { ...current.request, ...next };
  void ask(current);
}

function sheetText(opened: Open | null, request: ActionRequest): string {
  const title = say(`job.${request.verb}`, { what: readable(request.selector) });
  const world = store.world;
  const icon = VERB_ICONS[request.verb];
  if (opened === null || world === null) return html('partials/plan-sheet', { looking: true, title, icon });
  if (opened.plan === null || opened.problem !== null)
    return html('partials/plan-sheet', {
      looking: opened.problem === null,
      problem: opened.problem,
      title,
      icon,
    });
  const view = planView(opened.plan, opened.out, world, reader(), opened.text);
  opened.lists = view.many ? view.lists : null;
  return html('partials/plan-sheet', {
    ...view,
    failed: opened.failed,
    held: opened.sending || !confirmed(opened),
  });
}

function drawPlan(): void {
  if (current === null) return;
  const { dialog } = current;
  redrawSheet(dialog, sheetText(current, current.request));
  if (current.lists !== null) drawPlanLists(dialog, current.lists);
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
  const targets = on.dataset.targets?.split('\n') ?? [];
  const someIn = targets.filter((target) => !current?.out.has(target));
  toggle(someIn.length === 0 ? targets : someIn);
});
onDo('plan-tick-one', (on) => toggle([on.dataset.target ?? '']));

onDo('run', () => void run());
onDo('schedule-plan', () => {
  const plan = current?.plan;
  if (current === null || plan == null) return;
  const { request, out } = current;
  const chosen = plan.targets.map(targetName).filter((target) => !out.has(target));
  const only = request.only === undefined && out.size === 0 ? undefined : chosen;
  closeSheet();
  const { verb, selector, signal, pace } = plan;
  scheduleThis({ verb, selector, signal, pace, only });
});

async function run(): Promise<void> {
  const opened = current;
  if (opened?.plan == null || opened.sending || !confirmed(opened)) return;
  opened.sending = true;
  opened.failed = null;
  drawPlan();
  const only = opened.plan.targets.map(targetName).filter((target) => !opened.out.has(target));
  // Exactly what the sheet showed: a process that appeared since is not touched. More than can be named is taken whole.
  const named = opened.out.size === 0 && only.length > MOST_NAMED ? {} : { only };
  const confirm = opened.plan.confirm === undefined ? {} : { confirm: opened.plan.confirm };
  const answer: Answer<Action> = await call('POST', '/actions', { ...opened.request, ...confirm, ...named });
  opened.sending = false;
  if (!answer.ok) {
    opened.failed = problemWords(answer.problem);
    drawPlan();
    return;
  }
  store.action(answer.value);
  picks.clear();
  closeSheet();
  if (only.length > 1 || answer.value.approval !== undefined) go(linkTo.action(answer.value.id));
  else redraw();
}

onDo('plan', (on) => {
  const { verb = '', selector = '' } = on.dataset;
  if (!isVerb(verb)) return;
  const only = on.dataset.only?.split('\n').filter(Boolean);
  void openPlan({
    verb,
    selector,
    ...(only === undefined ? {} : { only }),
    ...signalIn(verb, on),
  });
});

onDo('plan-again', (on) => {
  const { verb = '', selector = '', of, action: id = '' } = on.dataset;
  const action = store.world?.fleet.actions.find((one) => one.id === id) ?? knownAction(id);
  if (!isVerb(verb) || action === null || (of !== 'done' && of !== 'failed')) return;
  void openPlan({ verb, selector, only: namesIn(action, of), ...signalIn(verb, on) });
});

const signalIn = (verb: Verb, { dataset }: HTMLElement): Partial<ActionRequest> =>
  verb === 'signal' ? { signal: dataset.signal ?? 'HUP' } : {};

onDo('pace-mode', (on) => {
  const rolling = on.dataset.mode === 'rolling';
  if (rolling === (current?.request.pace?.mode === 'rolling')) return;
  change({ pace: rolling ? FIRST_ROLL : { mode: 'parallel' } });
});

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLSelectElement) || target.dataset.plan === undefined) return;
  const pace = current?.plan?.pace;
  if (target.dataset.plan === 'signal') change({ signal: target.value });
  else if (pace?.mode === 'rolling') change({ pace: picked(pace, target.dataset.plan, target.value) });
});

document.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.dataset.planWord === undefined || current === null)
    return;
  current.word = target.value;
  drawPlan();
});

document.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.id !== 'plan-filter' || current === null) return;
  current.text = target.value.trim();
  drawPlan();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
  if (event.target.dataset.planWord !== undefined) void run();
});
