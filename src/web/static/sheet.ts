import { onDo } from './doers.ts';
import { byId } from './dom.ts';
import { draw } from './draw.ts';

let open: HTMLDialogElement | null = null;

/** Opens a sheet: from the right, on a phone from below. The page behind stays in view. */
export function openSheet(
  kind: 'sheet' | 'palette' | 'narrow',
  text: string,
  closed: () => void = () => {},
): HTMLDialogElement {
  closeSheet();
  const dialog = document.createElement('dialog');
  dialog.className = kind === 'palette' ? 'palette' : `sheet ${kind}`;
  byId('over').append(dialog);
  draw(dialog, text);
  dialog.addEventListener('close', () => {
    if (open === dialog) open = null;
    dialog.remove();
    closed();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.showModal();
  open = dialog;
  return dialog;
}

export function redrawSheet(dialog: HTMLDialogElement, text: string): void {
  if (dialog.isConnected) draw(dialog, text);
}

export function closeSheet(): boolean {
  if (!sheetIsOpen()) return false;
  open?.close();
  return true;
}

/** Not from the moment it closes: a key typed right after is the page's. */
export function sheetIsOpen(): boolean {
  return open?.open === true;
}

onDo('close-sheet', () => void closeSheet());
