import type { ActionRequest, Plan } from '../../api/contract.ts';
import { isVerb } from '../../fleet/action.ts';
import { targetName } from './actions.ts';
import type { Read } from './loaded.ts';
import type { PageMaker } from './page.ts';
import { planView } from './plan.ts';
import { tree } from './side.ts';

/** What a plain button asks for: `do=stop web-01/web:*`, as exactly these targets with `only`. */
export function wishOf(params: URLSearchParams): ActionRequest | null {
  const [, verb = '', selector = ''] = /^(\S+)\s+(.+)$/s.exec(params.get('do') ?? '') ?? [];
  if (!isVerb(verb)) return null;
  const only = (params.get('only') ?? '').split('\n').filter(Boolean);
  const signal = verb === 'signal' ? { signal: params.get('signal') ?? 'HUP' } : {};
  return { verb, selector, ...signal, ...(only.length === 0 ? {} : { only }) };
}

export const planRead = (wish: ActionRequest): Read<Plan> => ({ path: '/plans', body: wish });

/** The plan of an action as a page of its own: for browsers without a script, and as a link. */
export const planPage: PageMaker = (world, reader, { params, get, failed }) => {
  const wish = wishOf(params);
  const plan = wish === null ? null : get(planRead(wish));
  const view =
    wish === null || plan === null
      ? { problem: { cause: reader.say('plan.needs'), mend: '' } }
      : plan.kind === 'here'
        ? { ...planView(plan.value, new Set(), world, reader), ...formOf(params, plan.value) }
        : plan.kind === 'waiting'
          ? { looking: true }
          : { problem: { cause: plan.problem.title, mend: plan.problem.problems?.[0]?.says ?? '' } };
  return {
    nav: 'actions',
    title: 'title' in view ? view.title : reader.say('plan.page'),
    found: true,
    side: { template: 'partials/tree', model: tree(world, reader, {}) },
    main: {
      template: 'pages/plan',
      model: { heading: reader.say('plan.page'), ...view, failed: failed ?? null, csrf: reader.csrf },
    },
  };
};

function formOf(params: URLSearchParams, plan: Plan) {
  return {
    wished: params.get('do') ?? '',
    signal: plan.signal ?? '',
    only: plan.targets.map(targetName).join('\n'),
  };
}
