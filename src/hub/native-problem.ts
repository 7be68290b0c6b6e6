const HOW = 'run "npm rebuild better-sqlite3 bcrypt" in its folder, with the Node that runs the hub';

/** In one sentence why a part that is compiled for this machine did not load; null for any other failure. */
export function nativeProblem(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? error.code : undefined;
  const part = /better_sqlite3|bcrypt/.exec(error.message)?.[0].replace('_', '-') ?? 'a part of Fleetvisor';
  if (code === 'ERR_DLOPEN_FAILED' && error.message.includes('NODE_MODULE_VERSION'))
    return `${part} was built for another version of Node than this ${process.version}: ${HOW}`;
  if (code === 'ERR_DLOPEN_FAILED') return `${part} was built for another machine: ${HOW}`;
  const isMissing = /^(Could not locate the bindings file|No native build was found)/.test(error.message);
  return isMissing ? `${part} was never built, as npm ran without scripts: ${HOW}` : null;
}
