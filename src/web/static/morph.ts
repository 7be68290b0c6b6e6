/**
 * Changes the children of `into` into those of `wanted`. Elements with the same `data-key` (or id) are kept and moved;
 * others are kept where their tag fits. What a component owns (`data-own`), what is being typed and which details
 * are open stays as it is.
 */
export function morph(into: Element, wanted: Element | DocumentFragment): void {
  const keyed = new Map<string, Element>();
  for (const child of into.children) {
    const key = keyOf(child);
    if (key !== null) keyed.set(key, child);
  }
  let at: ChildNode | null = into.firstChild;
  for (const want of [...wanted.childNodes]) {
    const kept = keptFor(want, at, keyed);
    if (kept === null) {
      into.insertBefore(want, at);
      continue;
    }
    if (kept === at) at = at.nextSibling;
    else into.insertBefore(kept, at);
    change(kept, want);
  }
  while (at !== null) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

function keyOf(node: Node): string | null {
  if (!(node instanceof Element)) return null;
  return node.getAttribute('data-key') ?? (node.id || null);
}

function keptFor(want: ChildNode, at: ChildNode | null, keyed: Map<string, Element>): ChildNode | null {
  const key = keyOf(want);
  if (key !== null) {
    const known = keyed.get(key);
    keyed.delete(key);
    return known !== undefined && known.nodeName === want.nodeName ? known : null;
  }
  if (at === null || at.nodeType !== want.nodeType || at.nodeName !== want.nodeName) return null;
  return keyOf(at) === null ? at : null;
}

/** Makes an element, its attributes and children what another says. */
export function change(kept: ChildNode, want: ChildNode): void {
  if (!(kept instanceof Element) || !(want instanceof Element)) {
    if (kept.nodeValue !== want.nodeValue) kept.nodeValue = want.nodeValue;
    return;
  }
  const owner = want.getAttribute('data-own');
  if (
    owner !== null &&
    kept.getAttribute('data-own') === owner &&
    kept.getAttribute('data-of') === want.getAttribute('data-of')
  )
    return;
  if (owner !== null) {
    kept.replaceWith(want);
    return;
  }
  changeAttributes(kept, want);
  morph(kept, want);
}

function changeAttributes(kept: Element, want: Element): void {
  for (const { name, value } of want.attributes) {
    if (name === 'value' && kept === document.activeElement) continue;
    if (kept.getAttribute(name) === value) continue;
    kept.setAttribute(name, value);
    if (name === 'value' && kept instanceof HTMLInputElement) kept.value = value;
  }
  for (const { name } of [...kept.attributes]) {
    if (name === 'open' || name === 'style' || want.hasAttribute(name)) continue;
    kept.removeAttribute(name);
  }
}
