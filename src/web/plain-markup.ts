import { formNamed } from './forms/forms.ts';
import type { Reader } from './view/reader.ts';

/**
 * Makes what the templates draw work before its script runs, without it, and where it fails to load: a button that
 * opens a plan or a sheet leads to a page, one that acts at once sends a form, the filter's field sends itself. The
 * script draws the same templates and so takes this away again.
 */
export function plainMarkup(html: string, reader: Pick<Reader, 'base' | 'csrf'>): string {
  return html
    .replace(BUTTON, (whole, attributes: string, does: string) =>
      does === 'plan' ? planButton(whole, attributes) : formButton(whole, attributes, does, reader),
    )
    .replace(FILTER, `${FILTER_ATTRIBUTES} $&`)
    .replace(INPUT_FORM, (whole, path: string) => sendingForm(whole, path, reader));
}

const BUTTON = /<button type="button"([^>]*? data-do="([a-z-]+)"[^>]*)>/g;
const FILTER = /(?<=<input )id="filter" type="text"/g;
const FILTER_ATTRIBUTES = 'form="plain-filter" name="text"';
const INPUT_FORM = /<form id="send-input"[^>]*? data-path="([^"]*)"[^>]*>/g;

/** `do` is verb and selector, as escaped in the attributes they are copied from. */
function planButton(whole: string, attributes: string): string {
  const verb = attributeOf(attributes, 'data-verb');
  const only = attributeOf(attributes, 'data-only');
  const selector = only === '' ? attributeOf(attributes, 'data-selector') : asSelector(only);
  if (verb === '' || selector === null) return whole;
  return `<button type="submit" form="plain" name="do" value="${verb} ${selector}"${attributes}>`;
}

function formButton(whole: string, attributes: string, does: string, { base }: Pick<Reader, 'base'>): string {
  const form = formNamed(does);
  if (does === 'fold' && attributes.includes('fold-button wide')) return unfoldButton(attributes);
  if (form === null) return whole;
  const of = (form.of ?? []).map((name) => attributeOf(attributes, name) || '-').join(' ');
  const by = form.page === undefined ? 'plain-send' : 'plain';
  const what = `form="${by}" formaction="${base}/forms/${does}" name="of" value="${of}"`;
  return `<button type="submit" ${what}${attributes}>`;
}

/** What is folded is shown by the same view without folding. */
const unfoldButton = (attributes: string): string =>
  `<button type="submit" form="plain-filter" name="fold" value="0"${attributes}>`;

const sendingForm = (whole: string, path: string, { base, csrf }: Pick<Reader, 'base' | 'csrf'>): string =>
  `${whole.slice(0, -1)} method="post" action="${base}/forms/send-input">` +
  `<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="of" value="${path}">`;

/** Targets one a line are a selector as they are, unless a name in them would be read otherwise. */
function asSelector(only: string): string | null {
  return /^[\w.@+\-/:\n]+$/.test(only) ? only.replaceAll('\n', ' ') : null;
}

function attributeOf(attributes: string, name: string): string {
  return new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
}
