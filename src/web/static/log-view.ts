import type { TailLine } from '../../api/contract.ts';
import { html } from './draw.ts';
import { LinePainter, patternOf, plainText } from './log-line.ts';
import { openTail, type Tail } from './log-tail.ts';
import { say } from './page-root.ts';

export interface LogViewOptions {
  readonly targets: readonly string[];
  readonly drawer: boolean;
  readonly page: boolean;
  readonly link: string;
  readonly title: string;
}

const KEPT = 5_000;
const DRAWN = 2_000;

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** A live tail of one or more processes: follows until the reader scrolls up, then holds still and counts. */
export class LogView {
  readonly element: HTMLElement;
  readonly #options: LogViewOptions;
  readonly #painter: LinePainter;
  readonly #tails: Tail[];
  #lines: TailLine[] = [];
  #coming: TailLine[] = [];
  #shown: 'both' | 'stdout' | 'stderr' = 'both';
  #match: RegExp | null = null;
  #held = false;
  #newer = 0;
  /** When the reader last moved the log by hand: only that holds it, not a line that grew. */
  #handMs = Number.NEGATIVE_INFINITY;
  #frame = 0;
  #arrivals: { atMs: number; n: number }[] = [];
  #status = say('log.opening');
  readonly #timer: number;

  constructor(element: HTMLElement, options: LogViewOptions) {
    this.element = element;
    this.#options = options;
    element.classList.add('log', ...(options.targets.length > 1 ? ['many'] : []));
    element.innerHTML = html('partials/log-view', { ...options, targets: options.targets.join(' ') });
    this.#painter = new LinePainter(options.targets, (ms) => clock.format(ms));
    this.#listen();
    this.#tails = options.targets.map((target) => openTail(target, this.#hooks(target)));
    this.#timer = window.setInterval(() => this.#drawStatus(), 1_000);
    this.#drawButtons();
  }

  close(): void {
    clearInterval(this.#timer);
    cancelAnimationFrame(this.#frame);
    for (const tail of this.#tails) tail.close();
  }

  #hooks(target: string) {
    const note = (says: string): void =>
      this.#take([{ kind: 'note', source: target, channel: 'stdout', says, atMs: Date.now() }]);
    return {
      opened: () => {
        this.#status = '';
        this.#drawStatus();
      },
      again: () => this.#restart(),
      lines: (lines: readonly TailLine[], skipped: number) => {
        if (skipped > 0) note(say('log.skipped', { n: skipped }));
        this.#take(lines);
      },
      ended: (says: string) => {
        note(says);
        if (this.#options.targets.length === 1) this.#status = say('log.ended', { says });
        this.#drawStatus();
      },
    };
  }

  #restart(): void {
    if (this.#options.targets.length > 1) return;
    this.#lines = [];
    this.#coming = [];
    this.#list.replaceChildren();
  }

  get #list(): HTMLElement {
    return this.#part('.log-lines');
  }

  #part(selector: string): HTMLElement {
    const found = this.element.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`the log has no ${selector}`);
    return found;
  }

  #take(lines: readonly TailLine[]): void {
    if (lines.length === 0) return;
    this.#coming.push(...lines);
    this.#arrivals.push({ atMs: performance.now(), n: lines.length });
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#show());
  }

  /** At most one drawing a frame, however many lines came. */
  #show(): void {
    this.#frame = 0;
    const coming =
      this.#options.targets.length > 1 ? this.#coming.sort((a, b) => a.atMs - b.atMs) : this.#coming;
    this.#coming = [];
    this.#lines = [...this.#lines, ...coming].slice(-KEPT);
    if (this.#held) {
      this.#newer += coming.length;
      this.#drawHeld();
      return;
    }
    const list = this.#list;
    list.append(
      ...coming
        .slice(-DRAWN)
        .filter((line) => this.#wanted(line))
        .map((line) => this.#painter.paint(line, this.#match)),
    );
    while (list.childElementCount > DRAWN) list.firstElementChild?.remove();
    list.scrollTop = list.scrollHeight;
  }

  #wanted(line: TailLine): boolean {
    if (line.kind === 'line' && this.#shown !== 'both' && line.channel !== this.#shown) return false;
    if (this.#match === null) return true;
    this.#match.lastIndex = 0;
    return this.#match.test(plainText(line));
  }

  #redraw(): void {
    const wanted = this.#lines.filter((line) => this.#wanted(line));
    this.#list.replaceChildren(...wanted.slice(-DRAWN).map((line) => this.#painter.paint(line, this.#match)));
    this.#part('.log-matches').textContent =
      this.#match === null ? '' : say('table.of', { n: wanted.length, all: this.#lines.length });
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  #hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.#newer = 0;
    if (!held) this.#redraw();
    this.#drawHeld();
    this.#drawButtons();
    this.#drawStatus();
  }

  #drawHeld(): void {
    const box = this.#part('.log-held');
    box.hidden = !this.#held || this.#newer === 0;
    const words = box.querySelector('b');
    if (words !== null) words.textContent = say('log.newer', { n: this.#newer });
  }

  #drawButtons(): void {
    const button = this.#part('[data-log="pause"]');
    const icon = this.#held ? 'arrow-bar-to-down' : 'player-pause';
    button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${icon}"/></svg>`;
    button.append(
      Object.assign(document.createElement('span'), {
        textContent: say(this.#held ? 'log.follow' : 'log.pause'),
      }),
    );
  }

  #drawStatus(): void {
    const since = performance.now() - 2_000;
    this.#arrivals = this.#arrivals.filter(({ atMs }) => atMs >= since);
    const rate = Math.round(this.#arrivals.reduce((sum, { n }) => sum + n, 0) / 2);
    const text = this.#status || (this.#held ? say('log.paused') : say('log.following', { n: rate }));
    const line = this.#part('.log-status');
    line.classList.toggle('on', this.#status === '' && !this.#held);
    if (line.textContent !== text) line.textContent = text;
  }

  #listen(): void {
    const list = this.#list;
    for (const moved of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
      list.addEventListener(moved, () => (this.#handMs = performance.now()), { passive: true });
    }
    list.addEventListener(
      'scroll',
      () => {
        const byHand = performance.now() - this.#handMs < 800;
        const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 24;
        if (!atEnd && !this.#held && byHand) this.#hold(true);
      },
      { passive: true },
    );
    this.element.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-log]') : null;
      if (button !== null) this.#press(button);
    });
    this.element.querySelector('[data-log-filter]')?.addEventListener('input', (event) => {
      if (event.target instanceof HTMLInputElement) this.#match = patternOf(event.target.value.trim());
      this.#redraw();
    });
  }

  #press(button: HTMLElement): void {
    const what = button.dataset.log ?? '';
    if (what === 'pause') this.#hold(!this.#held);
    else if (what === 'follow') this.#hold(false);
    else if (what === 'wrap')
      button.setAttribute('aria-pressed', String(this.element.classList.toggle('wrapped')));
    else if (what === 'download') this.#download();
    else if (what === 'both' || what === 'stdout' || what === 'stderr') {
      this.#shown = what;
      for (const one of this.element.querySelectorAll('.log-head .segments button'))
        one.setAttribute('aria-pressed', String(one === button));
      this.#redraw();
    }
  }

  #download(): void {
    const many = this.#options.targets.length > 1;
    const text = this.#lines
      .filter((line) => this.#wanted(line))
      .map(
        (line) =>
          `${new Date(line.atMs).toISOString()} ${many ? `${line.source} ` : ''}${line.kind === 'note' ? '#' : line.channel} ${plainText(line)}`,
      );
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`${text.join('\n')}\n`], { type: 'text/plain' }));
    link.download = `${(this.#options.targets[0] ?? 'log').replace(/[^\w.-]+/g, '_')}.log`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
