/**
 * Makes what the templates draw work before its script runs, without it, and where it fails to load: a button that
 * opens a plan leads to the plan's page, the filter's field sends itself. The script draws the same templates and so
 * takes this away again.
 */
export function plainMarkup(html: string): string {
  return html.replace(PLAN_BUTTON, planButton).replace(FILTER, `${FILTER_ATTRIBUTES} $&`);
}

const PLAN_BUTTON = /<button type="button"([^>]*? data-do="plan"[^>]*)>/g;
const FILTER = /(?<=<input )id="filter" type="text"/g;
const FILTER_ATTRIBUTES = 'form="plain-filter" name="text"';

/** `do` is verb and selector, as escaped in the attributes they are copied from. */
function planButton(whole: string, attributes: string): string {
  const verb = attributeOf(attributes, 'data-verb');
  const only = attributeOf(attributes, 'data-only');
  const selector = only === '' ? attributeOf(attributes, 'data-selector') : asSelector(only);
  if (verb === '' || selector === null) return whole;
  return `<button type="submit" form="plain" name="do" value="${verb} ${selector}"${attributes}>`;
}

/** Targets one a line are a selector as they are, unless a name in them would be read otherwise. */
function asSelector(only: string): string | null {
  return /^[\w.@+\-/:\n]+$/.test(only) ? only.replaceAll('\n', ' ') : null;
}

function attributeOf(attributes: string, name: string): string {
  return new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
}
