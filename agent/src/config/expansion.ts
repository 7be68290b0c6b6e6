import { type FormatValue, formatText } from './format-string.ts';
import { byCodePoint, quoted } from './python-text.ts';
import { good, type Reading, wrong } from './reading.ts';

/**
 * The names an option may use in `%(name)s`: its own over those it grew from.
 * The outermost holds `ENV_x` of the start-up environment and grows while the file is read (CFG-083).
 */
export class Names {
  private readonly outer: Names | null;
  private readonly own = new Map<string, FormatValue>();

  constructor(outer: Names | null, own: Readonly<Record<string, FormatValue>> = {}) {
    this.outer = outer;
    for (const [name, value] of Object.entries(own)) this.own.set(name, value);
  }

  set(name: string, value: FormatValue): void {
    this.own.set(name, value);
  }

  /** Makes every variable available as `ENV_x`. */
  setEnvironment(variables: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(variables)) this.own.set(`ENV_${name}`, value);
  }

  get(name: string): FormatValue | undefined {
    return this.own.get(name) ?? this.outer?.get(name);
  }

  sorted(): string[] {
    return [...this.all()].sort(byCodePoint);
  }

  private all(): Set<string> {
    return new Set([...(this.outer?.all() ?? []), ...this.own.keys()]);
  }
}

/**
 * Expands `%(name)s` in an option's text. `label` is how supervisord names the option in its message.
 * Contract: CFG-071 to CFG-074.
 */
export function expand(text: string, names: Names, label: string): Reading<string> {
  if (!text.includes('%')) return good(text);
  const formatted = formatText(text, (name) => names.get(name));
  if (formatted.ok) return formatted;
  const about = `Format string ${quoted(text)} for ${quoted(label)}`;
  const { fault } = formatted;
  if (fault.kind === 'malformed') {
    return wrong(`${about} is badly formatted: ${fault.says}`, 'write %% for a single %');
  }
  return wrong(
    `${about} contains names (${quoted(fault.name)}) which cannot be expanded. Available names: ${names.sorted().join(', ')}`,
    fault.name.startsWith('ENV_')
      ? `${fault.name.slice(4)} is not set in the environment this program was started with`
      : 'use one of the available names, or %% for a single %',
  );
}
