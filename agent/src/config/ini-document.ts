/** Where a section or an option was written. */
export interface Origin {
  /** The file as it was opened. */
  readonly file: string;
  readonly line: number;
}

export interface IniOption {
  readonly value: string;
  readonly origin: Origin;
}

export interface IniSection {
  readonly name: string;
  /** The header that first introduced it. */
  readonly origin: Origin;
  readonly options: Map<string, IniOption>;
}

/** Said about a line that is accepted, for `--check`. */
export interface Repetition {
  readonly section: string;
  readonly option: string;
  readonly earlier: Origin;
  readonly later: Origin;
}

const HERE = '%(here)s';

/** Everything read so far from the main file and its includes, merged. Contract: CFG-066, CFG-067, CFG-095. */
export class IniDocument {
  /** In order of first appearance. */
  readonly sections = new Map<string, IniSection>();
  /** `[DEFAULT]`: fall-back options of every section. */
  readonly defaults = new Map<string, IniOption>();
  readonly repetitions: Repetition[] = [];

  section(name: string, origin: Origin): IniSection {
    let found = this.sections.get(name);
    if (found === undefined) {
      found = { name, origin, options: new Map() };
      this.sections.set(name, found);
    }
    return found;
  }

  /** The option as written, from the section or from `[DEFAULT]`. */
  option(section: string, name: string): IniOption | undefined {
    return this.sections.get(section)?.options.get(name) ?? this.defaults.get(name);
  }

  /** Names of all options a section has, those of `[DEFAULT]` included. */
  optionNames(section: string): string[] {
    return [...new Set([...(this.sections.get(section)?.options.keys() ?? []), ...this.defaults.keys()])];
  }

  /** Replaces `%(here)s` as plain text in every option that still has it. Contract: CFG-099, CFG-100. */
  writeHere(here: string): void {
    const shared = [...this.defaults].filter(([, option]) => option.value.includes(HERE));
    for (const section of this.sections.values()) {
      for (const [name, option] of shared) {
        if (!section.options.has(name)) section.options.set(name, option);
      }
      for (const [name, option] of section.options) {
        if (!option.value.includes(HERE)) continue;
        section.options.set(name, { ...option, value: option.value.replaceAll(HERE, () => here) });
      }
    }
  }
}
