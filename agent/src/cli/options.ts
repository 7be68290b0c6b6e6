import type { Parsed } from '../config/config.ts';
import { type GivenOption, getopt } from '../config/getopt.ts';
import { quoted } from '../config/python-text.ts';
import { looksLikeUrl } from './server-address.ts';

/** The command line of the ctl. Null: not given, so the file decides. */
export interface CtlOptions {
  readonly help: boolean;
  readonly version: boolean;
  readonly configPath: string | null;
  readonly interactive: boolean;
  readonly serverUrl: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly historyFile: string | null;
  readonly json: boolean;
  readonly raw: boolean;
  /** One command line, or empty: open a shell. */
  readonly line: string;
}

type Change = Partial<CtlOptions>;

interface OptionRow {
  /** As given: `-s`, `--serverurl`. */
  readonly spelled: readonly string[];
  readonly change: (argument: string) => Change;
  readonly check?: (argument: string) => string | null;
}

/** Contract: CFG-041 to CFG-047. */
const OPTIONS: readonly OptionRow[] = [
  { spelled: ['-h', '-?', '--help'], change: () => ({ help: true }) },
  { spelled: ['-c', '--configuration'], change: (configPath) => ({ configPath }) },
  { spelled: ['-i', '--interactive'], change: () => ({ interactive: true }) },
  { spelled: ['-s', '--serverurl'], change: (serverUrl) => ({ serverUrl }), check: notUrl },
  { spelled: ['-u', '--username'], change: (username) => ({ username }) },
  { spelled: ['-p', '--password'], change: (password) => ({ password }) },
  { spelled: ['-r', '--history_file'], change: (historyFile) => ({ historyFile }) },
  { spelled: ['--json'], change: () => ({ json: true }) },
  { spelled: ['--raw'], change: () => ({ raw: true }) },
  { spelled: ['--version'], change: () => ({ version: true }) },
];

const GRAMMAR = {
  short: 'h?c:is:u:p:r:',
  long: ['help', 'configuration=', 'interactive', 'serverurl=', 'username=', 'password=', 'history_file='],
  /** Not supervisorctl's, so never what a shortened option means. */
  inFull: ['json', 'raw', 'version'],
};

const NOTHING_GIVEN: CtlOptions = {
  help: false,
  version: false,
  configPath: null,
  interactive: false,
  serverUrl: null,
  username: null,
  password: null,
  historyFile: null,
  json: false,
  raw: false,
  line: '',
};

/**
 * Reads the arguments after the program's name. Options end at the first word that is none; what follows is
 * joined to one line. The only problem is the first. Contract: CFG-041 to CFG-049.
 */
export function parseOptions(args: readonly string[]): Parsed<CtlOptions> {
  const parsed = getopt(args.map(spellHistory), GRAMMAR);
  if (!parsed.ok) return refused(parsed.fault.says);
  let options: CtlOptions = { ...NOTHING_GIVEN, line: parsed.value.rest.join(' ') };
  const used = new Set<OptionRow>();
  for (const given of parsed.value.options) {
    const row = OPTIONS.find(({ spelled }) => spelled.includes(given.option));
    if (row === undefined) continue;
    const fault = faultOf(row, given, used);
    if (fault !== null) return refused(fault);
    used.add(row);
    options = { ...options, ...row.change(given.argument) };
    if (options.help) break;
  }
  return { ok: true, value: options };
}

function faultOf(
  row: OptionRow,
  { option, argument }: GivenOption,
  used: ReadonlySet<OptionRow>,
): string | null {
  const fault = row.check?.(argument) ?? null;
  if (fault !== null) return `invalid value for ${option} ${quoted(argument)}: ${fault}`;
  return used.has(row) ? `conflicting command line option ${quoted(option)}` : null;
}

/** supervisorctl's help says `--history-file`, its parser `--history_file`; both work here. */
function spellHistory(word: string): string {
  return word.replace(/^--history-file(?==|$)/, '--history_file');
}

function notUrl(text: string): string | null {
  return looksLikeUrl(text) ? null : `value ${quoted(text)} is not a URL`;
}

function refused(says: string): Parsed<CtlOptions> {
  return { ok: false, problems: [{ where: 'command line', says }] };
}
