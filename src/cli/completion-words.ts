import { formatNamespec } from '@fleetvisor/agent/protocol';
import type {
  Action,
  AlertChannelView,
  AlertPage,
  AlertRule,
  Fleet,
  HostView,
  ScheduleView,
} from '../api/contract.ts';
import type { FleetVerb } from './verb.ts';

/** What completion may ask the hub for. */
export interface KnownNames {
  fleet(): Promise<Fleet>;
  hosts(): Promise<readonly HostView[]>;
  actions(): Promise<readonly Action[]>;
  alerts(): Promise<AlertPage['alerts']>;
  rules(): Promise<readonly AlertRule[]>;
  channels(): Promise<readonly AlertChannelView[]>;
  schedules(): Promise<readonly ScheduleView[]>;
}

/** What the last of these words may become. The words are those after `fleetvisor`; the last may be empty. */
export async function completeWords(
  words: readonly string[],
  verbs: readonly FleetVerb[],
  known: KnownNames,
): Promise<string[]> {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const candidates = last.startsWith('-')
    ? optionsOf(verbOf(before, verbs))
    : await wordsAfter(before, verbs, known);
  return [...new Set(candidates)].filter((word) => word.startsWith(last));
}

async function wordsAfter(
  before: readonly string[],
  verbs: readonly FleetVerb[],
  known: KnownNames,
): Promise<string[]> {
  const verb = verbOf(before, verbs);
  const previous = before.at(-1) ?? '';
  if (previous === '--host') return (await known.hosts()).map(({ name }) => name);
  if (previous === '--channel') return (await known.channels()).map(({ name }) => name).filter(isPlain);
  if (previous === '--env') return (await known.hosts()).flatMap(({ environment }) => environment ?? []);
  if (previous === 'group' && verb?.completes === 'targets')
    return (await known.fleet()).processes.map(({ group }) => group).filter(isPlain);
  return [...subcommands(before, verbs), ...(await namesFor(verb, known))];
}

/** The verb the words begin with; the longest name wins. */
function verbOf(words: readonly string[], verbs: readonly FleetVerb[]): FleetVerb | undefined {
  const plain = words.filter((word) => !word.startsWith('-'));
  const named = (count: number) => verbs.find(({ name }) => name === plain.slice(0, count).join(' '));
  return named(2) ?? named(1);
}

function subcommands(before: readonly string[], verbs: readonly FleetVerb[]): string[] {
  const typed = before.filter((word) => !word.startsWith('-'));
  return verbs
    .map(({ name }) => name.split(' '))
    .filter((path) => path.length > typed.length && typed.every((word, at) => path[at] === word))
    .map((path) => path[typed.length] ?? '');
}

function optionsOf(verb: FleetVerb | undefined): string[] {
  const own = (verb?.options ?? []).flatMap(([flags]) => flags.match(/--[a-z-]+/g) ?? []);
  return [...own, '--hub', '--token-file', '--json', '--help'];
}

async function namesFor(verb: FleetVerb | undefined, known: KnownNames): Promise<string[]> {
  switch (verb?.completes) {
    case 'targets':
      return targetNames(await known.fleet());
    case 'hosts':
      return (await known.hosts()).map(({ name }) => name);
    case 'actions':
      return (await known.actions()).map(({ id }) => id);
    case 'alerts':
      return (await known.alerts()).map(({ id }) => String(id));
    case 'rules':
      return (await known.rules()).map(({ name }) => name).filter(isPlain);
    case 'channels':
      return (await known.channels()).map(({ name }) => name).filter(isPlain);
    case 'schedules':
      return (await known.schedules()).map(({ name }) => name).filter(isPlain);
    default:
      return [];
  }
}

/** Names that need quoting are left to be typed. */
const isPlain = (name: string): boolean => /^[\w.:@%+-]+$/.test(name);

/** Each process, its group on its host, and the group everywhere. Names that need quoting are left to be typed. */
function targetNames({ hosts, processes }: Fleet): string[] {
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  return processes
    .filter(({ group, name }) => isPlain(`${group}${name}`))
    .flatMap(({ hostId, group, name }) => {
      const host = names.get(hostId) ?? '';
      const one = `${host}/${formatNamespec(group, name)}`;
      return group === name ? [one] : [one, `${host}/${group}:*`, `${group}:*`, 'group'];
    });
}
