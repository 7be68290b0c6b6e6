import type { Alert } from '../../../api/contract.ts';
import { clockOrDay, fullTime, precisely, roughly } from '../format.ts';
import { linkTo } from '../links.ts';
import type { Mark } from '../marks.ts';
import type { Reader } from '../reader.ts';
import { sentence } from '../sentence.ts';

export type AlertLine = ReturnType<typeof alertLine>;

/** One alert in words: what, where, since when, how often, and who looks after it. */
export function alertLine(alert: Alert, reader: Reader) {
  const { id, severity, openedAtMs, lastAtMs, closedAtMs, count, acknowledged, lastLine, ending } = alert;
  const { say, nowMs } = reader;
  const isHost = alert.process === '';
  const subject = isHost ? alert.host : `${alert.group}:${alert.process}`;
  const cause = sentence(alert.said, alert.says, reader);
  return {
    id,
    mark: markOf(alert),
    critical: severity === 'critical',
    loud: severity === 'critical' && acknowledged === null && closedAtMs === null,
    severity: say(`alerts.severityOf.${severity}`),
    group: alert.group === alert.process ? '' : alert.group,
    name: isHost ? alert.host : alert.process,
    host: isHost ? '' : alert.host,
    full: isHost ? alert.host : `${alert.host}/${subject}`,
    link: isHost
      ? linkTo.host({ name: alert.host })
      : linkTo.process({ host: { name: alert.host }, process: { group: alert.group, name: alert.process } }),
    hostLink: linkTo.host({ name: alert.host }),
    cause,
    lastLine,
    rule: sentence(undefined, alert.rule, reader),
    since: roughly(nowMs - openedAtMs, reader),
    sinceTitle: fullTime(openedAtMs, reader),
    opened: clockOrDay(openedAtMs, reader),
    last: fullTime(lastAtMs, reader),
    lasted: precisely((closedAtMs ?? nowMs) - openedAtMs, reader),
    ending: ending === null ? '' : say(`alerts.endingOf.${ending}`),
    count,
    often: count > 1,
    countSays: say('alerts.countSays', { n: count }),
    acked: acknowledged !== null,
    by:
      acknowledged === null
        ? ''
        : say('alerts.ackedBy', { by: acknowledged.by, time: roughly(nowMs - acknowledged.atMs, reader) }),
    note: acknowledged?.note ?? '',
    mayAck: reader.may('act'),
  };
}

/** The shape it has everywhere else in the console. */
function markOf({ kind, said }: Alert): Mark {
  if (kind === 'host-unreachable') return 'unreachable';
  if (kind === 'flapping') return 'flapping';
  if (kind === 'memory-over') return 'backoff';
  if (said?.key === 'alert.backoff' || said?.key === 'alert.backoffWhy') return 'backoff';
  return said?.key === 'alert.fatal' || said?.key === 'alert.fatalWhy' ? 'fatal' : 'crashed';
}

/** Nobody's before somebody's, then the worst, then the newest. */
export function worstFirst(alerts: readonly Alert[]): Alert[] {
  const rank = ({ acknowledged, severity }: Alert): number =>
    (acknowledged === null ? 0 : 2) + (severity === 'critical' ? 0 : 1);
  return [...alerts].sort((one, other) => rank(one) - rank(other) || other.openedAtMs - one.openedAtMs);
}

/** A host that is away explains what else is wrong on it: that stands under its alert. */
export function explained(alerts: readonly Alert[]): { alert: Alert; under: Alert[] }[] {
  const away = new Set(alerts.filter(({ kind }) => kind === 'host-unreachable').map(({ hostId }) => hostId));
  const isUnder = ({ kind, hostId }: Alert): boolean => kind !== 'host-unreachable' && away.has(hostId);
  return alerts
    .filter((alert) => !isUnder(alert))
    .map((alert) => ({
      alert,
      under:
        alert.kind === 'host-unreachable'
          ? alerts.filter((one) => isUnder(one) && one.hostId === alert.hostId)
          : [],
    }));
}
