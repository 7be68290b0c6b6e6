import type { ProcessOptions } from '../../../fleet/process-options.ts';

/** Options as lines, the ones people look for first, then the rest by name. */
const FIRST = [
  'command',
  'directory',
  'user',
  'autostart',
  'autorestart',
  'startsecs',
  'startretries',
  'exitcodes',
  'stopsignal',
  'stopwaitsecs',
  'stopasgroup',
  'killasgroup',
  'priority',
  'umask',
  'redirect_stderr',
  'stdout_logfile',
  'stderr_logfile',
];

export function optionLines({
  options,
}: ProcessOptions): { option: string; value: string; empty: boolean }[] {
  const known = FIRST.filter((option) => options[option] !== undefined);
  const rest = Object.keys(options)
    .filter((option) => !FIRST.includes(option))
    .sort();
  return [...known, ...rest].map((option) => {
    const value = options[option] ?? '';
    return { option, value: value === '' ? '–' : value, empty: value === '' || value === 'none' };
  });
}
