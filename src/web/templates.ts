import type { MessageKey } from './messages/en.ts';
import { VERB_ICONS } from './view/plan.ts';
import { grouped, type Say } from './view/say.ts';

/** What rendering needs besides the model. */
export interface RenderData {
  readonly say: Say;
  readonly base: string;
  /** File name by entry name; empty in the browser, which draws no document head. */
  readonly assets: Readonly<Record<string, string>>;
}

export type Render = (template: string, model: unknown, data: RenderData) => string;

/** The part of Handlebars' runtime in use; the compiler stays at home. */
export interface TemplateRuntime {
  registerHelper(name: string, helper: (this: unknown, ...args: never[]) => unknown): void;
  registerPartial(name: string, template: Template): void;
  SafeString: new (html: string) => object;
  escapeExpression(text: string): string;
}
export type Template = (model: unknown, options: { data: Record<string, unknown> }) => string;
export type Install = (runtime: TemplateRuntime) => Record<string, Template>;

interface HelperOptions {
  readonly data: RenderData;
  readonly hash: Record<string, string | number>;
}

/** Makes the precompiled templates ready: every one is a partial of every other. */
export function rendererOf(runtime: TemplateRuntime, install: Install): Render {
  const templates = install(runtime);
  for (const [name, template] of Object.entries(templates)) runtime.registerPartial(name, template);
  registerHelpers(runtime);
  return (name, model, data) => {
    const template = templates[name];
    if (template === undefined) throw new Error(`no template named ${name}`);
    return template(model, { data: { ...data } });
  };
}

const NO_GLYPH: ReadonlySet<string> = new Set(['hosts', 'processes']);
const LOUD_ON_PHONE: ReadonlySet<string> = new Set([
  'processes',
  'fatal',
  'backoff',
  'flapping',
  'exited',
  'stopped',
]);

const OUTCOME_GLYPHS: Readonly<Record<string, string>> = {
  done: 'done',
  failed: 'fatal',
  refused: 'crashed',
  unreachable: 'unreachable',
  unknown: 'unknown',
  cancelled: 'dash',
  working: 'starting',
  waiting: 'waiting',
};

function registerHelpers(runtime: TemplateRuntime): void {
  const html = (text: string): object => new runtime.SafeString(text);
  const svg = (kind: string, prefix: string, name: string): object =>
    html(`<svg class="${kind} ${prefix}-${name}" aria-hidden="true"><use href="#${prefix}-${name}"/></svg>`);
  const glyph = (name: string): object => svg('glyph', 'g', name);
  runtime.registerHelper('t', (key: MessageKey, options: HelperOptions) =>
    options.data.say(key, options.hash),
  );
  runtime.registerHelper('href', (path: string, options: HelperOptions) => `${options.data.base}${path}`);
  runtime.registerHelper(
    'asset',
    (name: string, options: HelperOptions) =>
      `${options.data.base}/static/${options.data.assets[name] ?? name}`,
  );
  runtime.registerHelper('icon', (name: string) => svg('icon', 'i', name));
  runtime.registerHelper('glyph', glyph);
  runtime.registerHelper('glyphIf', (name: string) =>
    NO_GLYPH.has(name) ? '' : glyph(name === 'up' ? 'running' : name),
  );
  runtime.registerHelper('coded', (text: string) =>
    html(runtime.escapeExpression(text).replace(/&#x60;(.+?)&#x60;/g, '<code>$1</code>')),
  );
  runtime.registerHelper('num', (n: number) => (typeof n === 'number' ? grouped(n) : n));
  const icons: Readonly<Record<string, string>> = VERB_ICONS;
  runtime.registerHelper('verbIcon', (verb: string) => icons[verb] ?? 'player-play');
  runtime.registerHelper('outcomeGlyph', (kind: string) => glyph(OUTCOME_GLYPHS[kind] ?? 'dash'));
  runtime.registerHelper('eq', (a: unknown, b: unknown) => a === b);
  runtime.registerHelper('quietCount', (mark: string, n: number) => n > 0 && !LOUD_ON_PHONE.has(mark));
}
