import type { Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import type { Store } from '../store/store.ts';

/** One verb of `fleetvisor hub` that works on the data folder, with a hub running there or not. */
export interface HubVerb {
  readonly name: string;
  readonly usage: string;
  readonly help: string;
  /** Options with a value, then those without. */
  readonly options: readonly string[];
  readonly switches: readonly string[];
  /** It changes nothing, and leaves no row in the audit. */
  readonly looksOnly?: true;
  run(args: VerbArgs, at: VerbPlace): Promise<number> | number;
}

/** One verb that must not open the store: it may be what is broken, or in the way. */
export interface FolderVerb extends Omit<HubVerb, 'run'> {
  runOnFolder(args: VerbArgs, at: FolderPlace): Promise<number> | number;
}

export interface VerbArgs {
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly switches: ReadonlySet<string>;
  readonly words: readonly string[];
}

export interface FolderPlace {
  readonly config: HubConfig;
  readonly clock: Clock;
  /** The folder with this program's migrations. */
  readonly migrations: string;
  out(line: string): void;
  problem(line: string): void;
}

export interface VerbPlace extends Omit<FolderPlace, 'migrations'> {
  readonly store: Store;
}

/** The arguments sorted by kind, or the first that does not belong. */
export function readArgs(
  args: readonly string[],
  verb: Pick<HubVerb, 'name' | 'options' | 'switches'>,
): VerbArgs | { readonly says: string } {
  const options = new Map<string, string[]>();
  const switches = new Set<string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const [name = '', inline] = arg.split(/=(.*)/s, 2);
    if (verb.switches.includes(arg)) switches.add(arg);
    else if (verb.options.includes(name)) {
      const value = inline ?? args[++i];
      if (value === undefined) return { says: `${name} needs a value` };
      options.set(name, [...(options.get(name) ?? []), value]);
    } else if (arg.startsWith('-')) return { says: `${arg} is no option of "${verb.name}"` };
    else words.push(arg);
  }
  return { options, switches, words };
}

/** The last value given for an option. */
export function option({ options }: VerbArgs, name: string): string | undefined {
  return options.get(name)?.at(-1);
}
