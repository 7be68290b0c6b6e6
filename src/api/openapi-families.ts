/** The families the reference sorts routes into, by the first part of their path. A test knows one that is missing. */
export const FAMILIES: readonly {
  readonly name: string;
  readonly description: string;
  readonly parts: readonly string[];
}[] = [
  {
    name: 'Fleet',
    description: 'What there is now: hosts and processes as the hub has them in memory. No host is asked.',
    parts: ['fleet', 'restarts', 'processes', 'groups', 'views'],
  },
  {
    name: 'Actions',
    description: 'Doing something to many processes or hosts: plan it, begin it, follow it, end it.',
    parts: ['plans', 'actions'],
  },
  {
    name: 'Schedules',
    description: 'Actions at certain times: when, in whose rights, and what became of each run.',
    parts: ['schedules'],
  },
  {
    name: 'Logs',
    description: 'Reading and searching what processes write.',
    parts: ['tail', 'search', 'download'],
  },
  { name: 'Events', description: 'What happened, as pages and as a stream.', parts: ['events'] },
  {
    name: 'Alerts',
    description: 'What is wrong, by which rules it counts as wrong, and who is told.',
    parts: ['alerts', 'alert-rules', 'alert-channels', 'alert-deliveries'],
  },
  {
    name: 'Hosts',
    description: 'Adding, changing, testing and removing hosts.',
    parts: ['hosts', 'join-tokens'],
  },
  {
    name: 'Sign-in and tokens',
    description: 'Who asks, and everything about oneself.',
    parts: ['session', 'tokens', 'device', 'me'],
  },
  { name: 'People', description: 'Who may sign in, and what they may.', parts: ['users'] },
  {
    name: 'The hub',
    description: 'Audit, settings, and this description.',
    parts: ['hub', 'audit', 'settings', 'openapi.json'],
  },
];

export function familyOf(path: string): string | undefined {
  const [, part = ''] = path.split('/');
  return FAMILIES.find(({ parts }) => parts.includes(part))?.name;
}
