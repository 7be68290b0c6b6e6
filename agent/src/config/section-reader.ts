import type { Notice } from './config.ts';
import { expand, type Names } from './expansion.ts';
import type { Findings } from './findings.ts';
import type { IniDocument, Origin } from './ini-document.ts';
import type { Reader, ValueFault } from './reading.ts';

/** How the options of one section are read: every fault is kept and reading goes on with the default. */
export class SectionReader {
  readonly section: string;
  private readonly document: IniDocument;
  private readonly findings: Findings;
  private readonly names: Names;
  /** Ends every message, as supervisord names the section of a program. */
  private readonly suffix: string;

  constructor(section: string, document: IniDocument, findings: Findings, names: Names, suffix = '') {
    this.section = section;
    this.document = document;
    this.findings = findings;
    this.names = names;
    this.suffix = suffix;
  }

  /** The same section with other names to expand. */
  with(names: Names): SectionReader {
    return new SectionReader(this.section, this.document, this.findings, names, this.suffix);
  }

  /** The option's expanded text; null when it is absent or cannot be expanded. */
  text(option: string): string | null {
    const raw = this.raw(option);
    if (raw === null || !raw.includes('%')) return raw;
    return this.expanded(option, raw, `${this.section}.${option}`);
  }

  /** The option as written, before expansion; null when it is absent. */
  raw(option: string): string | null {
    return this.document.option(this.section, option)?.value ?? null;
  }

  /** `text` expanded under a label of its own; null with a problem when it cannot be. */
  expanded(option: string, text: string, label: string): string | null {
    const expanded = expand(text, this.names, label);
    return this.take(option, expanded, null);
  }

  /** The option's value; `absent` when it is not there or is wrong. */
  value<T, A>(option: string, read: Reader<T>, absent: A): T | A {
    const text = this.text(option);
    return text === null ? absent : this.take(option, read(text), absent);
  }

  /** The value, or `otherwise` with a problem at the option. */
  take<T, A>(option: string, reading: ReturnType<Reader<T>>, otherwise: A): T | A {
    if (reading.ok) return reading.value;
    this.complain(option, reading.fault);
    return otherwise;
  }

  /** A problem at the option, or at the section's header when the option is absent. */
  complain(option: string, { says, hint }: ValueFault): void {
    const fault = { says: says + this.suffix, ...(hint === undefined ? {} : { hint }) };
    this.findings.complain(this.originOf(option), fault);
  }

  note(level: Notice['level'], text: string): void {
    this.findings.note(level, text);
  }

  originOf(option: string): Origin {
    return this.document.option(this.section, option)?.origin ?? this.origin();
  }

  origin(): Origin {
    return this.document.sections.get(this.section)?.origin ?? { file: '', line: 0 };
  }

  problemCount(): number {
    return this.findings.problems.length;
  }
}
