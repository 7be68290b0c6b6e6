import { API_ROOT, type SearchResult } from '../../../api/contract.ts';
import { forHub } from '../../view/log-pattern.ts';
import type { LogState } from '../../view/log-state.ts';
import { problemIn } from '../../view/problem-words.ts';
import { sentence } from '../../view/sentence.ts';
import { compareNames } from '../../view/world.ts';
import { draw, html } from '../draw.ts';
import { root, say } from '../page-root.ts';
import { reader } from '../screen.ts';
import { hostOf } from './log-intake.ts';
import { paintText } from './log-line.ts';

type Match = Extract<SearchResult, { kind: 'match' }>;
type Searched = Extract<SearchResult, { kind: 'searched' }>;

const SIZES = [1, 10, 100, 1_000] as const;
/** Shown of each log, and in all. */
const LIMIT = 50;
const MOST_SHOWN = 400;
const CONTEXT = 20;

/** Looks for the same further back, in the logs on their hosts: counts by host, and each match with the lines round it. */
export class LogBack {
  readonly #element: HTMLElement;
  readonly #now: () => Asked;
  #megabytes: number = 10;
  #stop: AbortController | null = null;
  #matches: Match[] = [];
  #logs: Searched[] = [];
  #end: Extract<SearchResult, { kind: 'end' }> | null = null;
  #problem = '';
  #current: Match | null = null;
  /** What was looked for; the view may be another one since. */
  #asked: Asked | null = null;
  #frame = 0;

  constructor(element: HTMLElement, now: () => Asked) {
    this.#element = element;
    this.#now = now;
    this.#panel?.addEventListener('click', (event) => this.#clicked(event));
    this.#panel?.addEventListener('change', (event) => {
      if (!(event.target instanceof HTMLSelectElement)) return;
      this.#megabytes = Number(event.target.value);
      this.open();
    });
  }

  get #panel(): HTMLElement | null {
    return this.#element.querySelector<HTMLElement>('.log-back');
  }

  get #pastBox(): HTMLElement | null {
    return this.#element.querySelector<HTMLElement>('.log-past');
  }

  open(): void {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#asked = this.#now();
    this.#matches = [];
    this.#logs = [];
    this.#end = null;
    this.#problem = '';
    this.#current = null;
    this.#draw();
    this.#panel?.querySelector<HTMLElement>('select')?.focus();
    void this.#run(this.#address(this.#asked), stop.signal);
  }

  close(): void {
    this.#stop?.abort();
    this.#stop = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.closePast();
    if (this.#panel !== null) this.#panel.hidden = true;
  }

  /** Back from the lines round a match to the live lines. */
  closePast(): void {
    this.#current = null;
    if (this.#pastBox !== null) this.#pastBox.hidden = true;
    for (const one of this.#panel?.querySelectorAll('[aria-current]') ?? [])
      one.removeAttribute('aria-current');
  }

  async #run(address: string, signal: AbortSignal): Promise<void> {
    try {
      for await (const line of jsonLines(address, signal)) {
        if (signal.aborted) return;
        this.#took(line);
      }
      if (this.#end === null) throw new Error('cut off');
    } catch (error) {
      if (signal.aborted) return;
      this.#problem = error instanceof Refused ? error.message : say('problem.down');
      this.#soon();
    }
  }

  #took(result: SearchResult): void {
    if (result.kind !== 'end' && this.#asked?.state.off.includes(result.source)) return;
    if (result.kind === 'match') {
      if (this.#matches.length < MOST_SHOWN) this.#matches.push(result);
    } else if (result.kind === 'searched') this.#logs.push(result);
    else this.#end = result;
    this.#soon();
  }

  #address({ state }: Asked): string {
    const params = new URLSearchParams();
    for (const target of state.targets) params.append('selector', target);
    params.set('regex', forHub(state) ?? '');
    params.set('channel', state.stream);
    params.set('megabytes', String(this.#megabytes));
    params.set('context', String(CONTEXT));
    params.set('limit', String(LIMIT));
    return `${root.base}${API_ROOT}/search?${params}`;
  }

  #download({ state }: Asked): string {
    const params = new URLSearchParams();
    for (const target of state.targets) params.append('target', target);
    params.set('channel', state.stream);
    params.set('megabytes', String(this.#megabytes));
    return `${API_ROOT}/download?${params}`;
  }

  #soon(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const panel = this.#panel;
    const asked = this.#asked;
    if (panel === null || this.#stop === null || asked === null) return;
    panel.hidden = false;
    draw(
      panel,
      html('partials/log-back', {
        find: asked.state.find,
        sizes: SIZES.map((n) => ({ n, text: say('back.megabytes', { n }), on: n === this.#megabytes })),
        problem: this.#problem,
        says: this.#says(),
        searching: this.#end === null && this.#problem === '',
        hosts: this.#hosts(),
        troubled: this.#logs
          .filter(({ says }) => says !== '')
          .map(({ source, says }) => ({ source, says: sentence(undefined, says, reader()) })),
        matches: this.#matches.map((match, at) => ({
          at,
          key: keyOf(match),
          source: match.source,
          line: match.line,
          on: this.#current !== null && keyOf(match) === keyOf(this.#current),
        })),
        download: this.#download(asked),
      }),
    );
    this.#paintMatches(panel, asked.marks);
  }

  #paintMatches(panel: HTMLElement, marks: RegExp | null): void {
    panel.querySelectorAll<HTMLElement>('[data-at]').forEach((button) => {
      const match = this.#matches[Number(button.dataset.at)];
      const into = button.querySelector('.back-text');
      if (match === undefined || into === null || into.getAttribute('data-of') === keyOf(match)) return;
      into.setAttribute('data-of', keyOf(match));
      into.replaceChildren(paintText(match.text.slice(0, 400), marks));
    });
  }

  #says(): string {
    const matches = this.#logs.reduce((sum, log) => sum + log.matches, 0);
    const counts = say('back.found', { n: matches, logs: this.#logs.length });
    return this.#end === null
      ? counts
      : `${counts} ${say('back.took', { s: (this.#end.tookMs / 1_000).toFixed(1) })}`;
  }

  #hosts(): { host: string; n: number; bar: number }[] {
    const counts = new Map<string, number>();
    for (const { source, matches } of this.#logs)
      counts.set(hostOf(source), (counts.get(hostOf(source)) ?? 0) + matches);
    const most = Math.max(1, ...counts.values());
    return [...counts]
      .sort(([a, n], [b, m]) => m - n || compareNames(a, b))
      .map(([host, n]) => ({ host, n, bar: (100 * n) / most }));
  }

  #clicked(event: Event): void {
    const on = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-back]') : null;
    if (on === null) return;
    if (on.dataset.back === 'close') this.close();
    const key = on.dataset.key;
    const match = this.#matches.find((one) => keyOf(one) === key);
    if (match !== undefined) this.#jump(match);
  }

  /** Shows the lines round a match in place of the live ones. */
  #jump(match: Match): void {
    const box = this.#pastBox;
    if (box === null) return;
    this.#current = match;
    const first = match.line - match.before.length;
    draw(
      box,
      html('partials/log-past', {
        title: say('back.around', { n: match.line, source: match.source }),
        lines: [...match.before, match.text, ...match.after].map((_, at) => ({
          n: first + at,
          on: first + at === match.line,
        })),
      }),
    );
    const texts = [...match.before, match.text, ...match.after];
    box.querySelectorAll('.past-text').forEach((into, at) => {
      into.replaceChildren(paintText(texts[at] ?? '', this.#asked?.marks ?? null));
    });
    box.hidden = false;
    box.querySelector('.at')?.scrollIntoView({ block: 'center' });
    this.#soon();
  }
}

interface Asked {
  readonly state: LogState;
  readonly marks: RegExp | null;
}

class Refused extends Error {}

const keyOf = ({ source, channel, line }: Match): string => `${source} ${channel} ${line}`;

async function* jsonLines(address: string, signal: AbortSignal): AsyncGenerator<SearchResult> {
  const answer = await fetch(address, { signal, headers: { accept: 'application/x-ndjson' } });
  if (!answer.ok || answer.body === null) throw new Refused(await whyRefused(answer));
  const texts = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let piece = await texts.read(); !piece.done; piece = await texts.read()) {
    const lines = (rest + piece.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line);
  }
}

async function whyRefused(answer: Response): Promise<string> {
  const body = await answer.json().catch(() => null);
  if (body === null) return say('problem.down');
  const { title, problems } = problemIn(body, root.language);
  const first = problems?.[0];
  if (first === undefined) return title;
  return `${first.says}${first.hint ? `. ${first.hint}` : ''}`;
}
