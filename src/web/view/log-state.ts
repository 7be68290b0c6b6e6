/** One view of the Logs page, as its link says it. */
export interface LogState {
  /** Selectors, or `host/group:process`: the lines of all they name come together. */
  readonly targets: readonly string[];
  /** Of those, sources that are unticked: `host/group:process`. */
  readonly off: readonly string[];
  readonly find: string;
  /** `find` is an expression, not plain text. */
  readonly regex: boolean;
  /** Leave out what does not match, instead of marking what does. */
  readonly only: boolean;
  readonly stream: Stream;
}

export const STREAMS = ['both', 'stdout', 'stderr'] as const;
export type Stream = (typeof STREAMS)[number];

export function logStateOf(params: URLSearchParams): LogState {
  const stream = params.get('stream');
  return {
    targets: params.getAll('target').filter((target) => target.trim() !== ''),
    off: params.getAll('off'),
    find: params.get('find') ?? '',
    regex: params.get('regex') === '1',
    only: params.get('only') === '1',
    stream: STREAMS.find((one) => one === stream) ?? 'both',
  };
}

/** The shortest link to this view. */
export function logLink({ targets, off, find, regex, only, stream }: LogState): string {
  const params = new URLSearchParams();
  for (const target of targets) params.append('target', target);
  for (const one of off) params.append('off', one);
  if (find !== '') params.set('find', find);
  if (regex) params.set('regex', '1');
  if (only) params.set('only', '1');
  if (stream !== 'both') params.set('stream', stream);
  const text = params.toString();
  return text === '' ? '/logs' : `/logs?${text}`;
}
