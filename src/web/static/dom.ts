/** The one element with this id. Throws when the page has none: that is a bug in a template. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element #${id}`);
  return found;
}

export function closest(target: EventTarget | null, selector: string): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}

/** True where typed letters are text, not commands. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Says something once to everybody, screen readers included; gone after 5 s. */
export function announce(text: string): void {
  const line = document.createElement('p');
  line.textContent = text;
  byId('says').replaceChildren(line);
  setTimeout(() => line.remove(), 5_000);
}

/** Says to screen readers alone what everybody else sees change in its row. */
export function tell(text: string): void {
  const line = document.createElement('p');
  line.className = 'unseen';
  line.textContent = text;
  byId('says').replaceChildren(line);
  setTimeout(() => line.remove(), 5_000);
}

/** The same with a way back, for a minute. */
export function announceWithUndo(text: string, label: string, undo: () => void): void {
  const line = document.createElement('p');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button small';
  button.textContent = label;
  button.addEventListener('click', () => {
    line.remove();
    undo();
  });
  line.append(text, ' ', button);
  byId('says').replaceChildren(line);
  setTimeout(() => line.remove(), 60_000);
}

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, or plain http: the text stays selectable
  }
}
