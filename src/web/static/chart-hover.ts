import type { UsageSeries } from '../../api/contract.ts';
import { chartAt } from '../view/chart.ts';
import { mapLoaded } from '../view/loaded.ts';
import { hostRange, rangeOf } from '../view/ranges.ts';
import { reads } from '../view/reads.ts';
import { targetOf } from '../view/world.ts';
import { get } from './asked.ts';
import { closest } from './dom.ts';
import { path, reader } from './screen.ts';
import { store } from './store.ts';

/** Reads a chart under the pointer: the time and the value of the nearest point, at its place. */
document.addEventListener('pointermove', (event) => {
  const area = closest(event.target, '[data-chart]');
  for (const other of document.querySelectorAll<HTMLElement>('.chart-read:not([hidden])'))
    if (other.parentElement !== area) other.hidden = true;
  const name = area?.dataset.chart;
  if (area === null || (name !== 'cpu' && name !== 'memory')) return;
  const box = area.getBoundingClientRect();
  const series = seriesShown();
  const at = series === null ? null : chartAt(name, series, (event.clientX - box.left) / box.width, reader());
  const mark = area.querySelector<HTMLElement>('.chart-read');
  if (mark === null) return;
  mark.hidden = at === null;
  if (at === null) return;
  const label = document.createElement('span');
  label.textContent = at.text;
  mark.replaceChildren(label);
  mark.style.left = `${at.share * 100}%`;
  mark.classList.toggle('left', at.share > 0.6);
});

/** What the charts of this page are drawn from. */
function seriesShown(): UsageSeries | null {
  const params = new URLSearchParams(location.search);
  const [, kind, first = '', second = ''] = path().split('/').map(decodeURIComponent);
  if (kind === 'hosts') {
    const host = store.world?.hosts.find(({ name }) => name === first);
    return host === undefined
      ? null
      : here(get(reads.hostUsage(first, hostRange(params, host, store).hours)));
  }
  const member = store.world?.members.find((one) => targetOf(one) === `${first}/${second}`);
  if (member === undefined) return null;
  const { group, name } = member.process;
  return here(get(reads.usage({ host: first, group, process: name }, rangeOf(params, '1h').hours)));
}

function here(loaded: ReturnType<typeof get<UsageSeries>>): UsageSeries | null {
  return mapLoaded<UsageSeries, UsageSeries | null>(loaded, (series) => series, null);
}
