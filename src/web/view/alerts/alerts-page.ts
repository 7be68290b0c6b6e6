import type { Alert } from '../../../api/contract.ts';
import { subjectText } from '../../../fleet/alert.ts';
import { mapLoaded } from '../loaded.ts';
import type { Asked, PageMaker } from '../page.ts';
import type { Reader } from '../reader.ts';
import { shown } from '../settings/part.ts';
import { tree } from '../side.ts';
import { alertLine, explained, worstFirst } from './alert-line.ts';
import { alertReads } from './reads.ts';

const SEVERITIES = ['critical', 'warning'] as const;

/** What is wrong now, then what was. */
export const alertsPage: PageMaker = (world, reader, { params, get }) => {
  const filter = filterIn(params);
  const open = get(alertReads.open(filter));
  const after = params.get('after') ?? '';
  const closed = get(alertReads.closed(/^closed:\d+$/.test(after) ? { ...filter, after } : filter));
  const next = mapLoaded(closed, (page) => page.next, null);
  const isFiltered = Object.keys(filter).length > 0;
  return {
    nav: 'alerts',
    title: reader.say('nav.alerts'),
    found: true,
    side: { template: 'partials/tree', model: tree(world, reader, {}) },
    main: {
      template: 'pages/alerts',
      model: {
        selector: filter.selector ?? '',
        severity: filter.severity ?? '',
        severities: severityLinks(filter, reader),
        filtered: isFiltered,
        open: shown(open, ({ alerts }) => openBlocks(alerts, reader)),
        n: mapLoaded(open, ({ alerts }) => alerts.length, 0),
        more: mapLoaded(open, (page) => page.next !== null, false),
        closed: shown(closed, ({ alerts }) => alerts.map((alert) => alertLine(alert, reader))),
        newest: after === '' ? null : linkWith(filter, ''),
        older: next === null ? null : linkWith(filter, next),
        ...nobodyTold(reader, get),
      },
    },
  };
};

type Filter = Readonly<Record<string, string>>;

function filterIn(params: URLSearchParams): Filter {
  const selector = (params.get('selector') ?? '').trim().slice(0, 400);
  const severity = SEVERITIES.find((one) => one === params.get('severity'));
  return {
    ...(selector === '' ? {} : { selector }),
    ...(severity === undefined ? {} : { severity }),
  };
}

function linkWith(filter: Filter, after: string): string {
  const query = new URLSearchParams({ ...filter, ...(after === '' ? {} : { after }) });
  return query.size === 0 ? '/alerts' : `/alerts?${query}`;
}

function severityLinks({ severity, ...others }: Filter, { say }: Reader): object[] {
  return [undefined, ...SEVERITIES].map((one) => ({
    key: one ?? 'all',
    label: say(one === undefined ? 'alerts.all' : `alerts.severityOf.${one}`),
    link: linkWith(one === undefined ? others : { ...others, severity: one }, ''),
    on: one === severity,
  }));
}

function openBlocks(alerts: readonly Alert[], reader: Reader): object[] {
  return explained(worstFirst(alerts)).map(({ alert, under }) => {
    const waiting = [alert, ...under].filter(({ acknowledged }) => acknowledged === null);
    return {
      ...alertLine(alert, reader),
      under: under.map((one) => alertLine(one, reader)),
      underSays: reader.say('alerts.under', { n: under.length }),
      allIds: under.length > 0 && waiting.length > 1 ? waiting.map(({ id }) => id).join(' ') : '',
      allN: waiting.length,
      allNames: waiting.map(subjectText).join(', '),
    };
  });
}

/** For whoever can mend it: that alerts reach nobody. */
function nobodyTold(reader: Reader, get: Asked['get']): object {
  if (!reader.may('manage-hosts')) return { mayRules: false };
  const channels = mapLoaded(get(alertReads.channels()), (all) => all, null);
  return { mayRules: true, nobodyTold: channels !== null && !channels.some(({ enabled }) => enabled) };
}
