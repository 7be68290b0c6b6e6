import { STREAMS, type Stream } from '../../view/log-state.ts';

/** What the buttons and fields of a log may ask of it. */
export interface LogDoes {
  pause(): void;
  follow(): void;
  wrap(): void;
  download(): void;
  regex(): void;
  mark(): void;
  only(): void;
  up(): void;
  down(): void;
  back(): void;
  stream(stream: Stream): void;
  find(text: string): void;
  open(target: string): void;
  /** Somebody marks text in it, to copy. */
  marking(): void;
}

type Button = Exclude<keyof LogDoes, 'stream' | 'find' | 'open' | 'marking'>;
const BUTTONS: Readonly<Record<Button, true>> = {
  pause: true,
  follow: true,
  wrap: true,
  download: true,
  regex: true,
  mark: true,
  only: true,
  up: true,
  down: true,
  back: true,
};

/** Hears the buttons, the find field, the selector and the selection of one log. `find`: what the view looks for now. */
export function listenTo(element: HTMLElement, does: LogDoes, find: string): void {
  element.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-log]') : null;
    const asked = button?.dataset.log ?? '';
    const stream = STREAMS.find((one) => one === asked);
    if (stream !== undefined) does.stream(stream);
    else if (isButton(asked)) does[asked]();
  });
  const field = element.querySelector<HTMLInputElement>('[data-log-find]');
  if (field !== null) listenToFind(field, does, find);
  const on = element.querySelector<HTMLFormElement>('[data-log-on]');
  on?.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = new FormData(on).get('target');
    if (typeof text === 'string' && text.trim() !== '') does.open(text.trim());
  });
  listenToSelection(element, does);
}

function isButton(asked: string): asked is Button {
  return Object.hasOwn(BUTTONS, asked);
}

function listenToFind(field: HTMLInputElement, does: LogDoes, find: string): void {
  field.addEventListener('input', () => does.find(field.value));
  // Typed before the page was ready to listen.
  if (field === document.activeElement && field.value !== find) queueMicrotask(() => does.find(field.value));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') (event.shiftKey ? does.down : does.up)();
  });
}

/** Who marks text to copy it does not want it to move away. */
function listenToSelection(element: HTMLElement, does: LogDoes): void {
  const onSelection = (): void => {
    if (!element.isConnected) document.removeEventListener('selectionchange', onSelection);
    const selection = document.getSelection();
    const lines = element.querySelector('.log-lines');
    const inLines = lines?.contains(selection?.anchorNode ?? null) === true;
    if (inLines && selection?.isCollapsed === false) does.marking();
  };
  document.addEventListener('selectionchange', onSelection);
}
