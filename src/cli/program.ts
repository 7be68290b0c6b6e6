import { Command } from 'commander';
import { exitTable } from './exit-status.ts';
import type { FleetVerb, Given } from './verb.ts';

/** Called with the words and options of the verb that was given. */
export type Dispatch = (verb: FleetVerb, words: readonly string[], given: Given) => Promise<void>;

const TEACHING = `
Selectors name processes anywhere in the fleet; quote them from your shell:
  group web         every process of the groups called web, on every host
  web-01/web:*      that group on one host          web-01/cron      one process
  'web*/api:*'      on hosts whose names fit        '#prod/worker:*' on hosts with the tag
  'env=stage/*'     everything in an environment    'api:* cron'     several

"hosts", "alerts", "actions", "schedules", "users" and "tokens" have verbs of their own: "fleetvisor hosts --help".

Sign in once with "fleetvisor login URL". Without it the hub and token come from --hub and --token-file, from
FLEETVISOR_HUB and FLEETVISOR_TOKEN, from the file FLEETVISOR_PROFILE names, or from ./data/cli.json (the demo).

"fleetvisor hub --help" tells how to run the hub.
`;

/** The command line as commander reads it, made from the table of verbs. Throws CommanderError instead of exiting. */
export function makeProgram(
  verbs: readonly FleetVerb[],
  version: string,
  write: { out(text: string): void; err(text: string): void },
  dispatch: Dispatch,
): Command {
  const program = new Command('fleetvisor')
    .description(
      'One command over many supervisors: see, start, stop and follow processes on every host of a hub.',
    )
    .version(version)
    .option('--hub <url>', 'the hub to ask')
    .option('--token-file <file>', 'file with an API token for it, readable by you alone')
    .option('--json', "the hub's own answers as JSON instead of text")
    .addHelpText('after', `${TEACHING}\n${exitTable()}`)
    .configureOutput({ writeOut: write.out, writeErr: write.err })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('See: fleetvisor --help');
  for (const verb of verbs) addVerb(program, verb, dispatch);
  for (const command of program.commands) command.helpGroup(groupOf(command.name()));
  return program;
}

/** What the list of verbs is read by; one that stands nowhere is about the command itself. */
const GROUPS: readonly (readonly [heading: string, verbs: readonly string[]])[] = [
  ['See:', ['status', 'hosts', 'doctor', 'tail', 'search', 'events', 'alerts', 'actions', 'schedules']],
  ['Act on processes:', ['start', 'stop', 'restart', 'signal', 'clear', 'send']],
  ['Act on supervisors:', ['update', 'reread', 'reload', 'shutdown']],
  ['People and the hub:', ['users', 'tokens', 'audit']],
];

function groupOf(verb: string): string {
  return GROUPS.find(([, verbs]) => verbs.includes(verb))?.[0] ?? 'Sign in, and this command:';
}

function addVerb(program: Command, verb: FleetVerb, dispatch: Dispatch): void {
  const path = verb.name.split(' ');
  const parent = path.length === 1 ? program : program.commands.find((command) => command.name() === path[0]);
  const command = (parent ?? program)
    .command(`${path.at(-1)} ${verb.words}`.trim())
    .description(verb.summary)
    .addHelpText('after', `\nExamples:\n${verb.examples.map((line) => `  ${line}`).join('\n')}`)
    .showHelpAfterError(`See: fleetvisor ${verb.name} --help`)
    .action((...all: unknown[]) => dispatch(verb, wordsOf(all), command.optsWithGlobals()));
  for (const [flags, says] of verb.options) command.option(flags, says);
}

/** commander hands over each argument, a list for a repeated one, then the options and the command. */
function wordsOf(all: readonly unknown[]): string[] {
  return all
    .slice(0, -2)
    .flat()
    .filter((word): word is string => typeof word === 'string');
}
