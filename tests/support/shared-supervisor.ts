import { beforeAll } from 'vitest';
import { sharedLifetime } from './shared-lifetime.ts';
import { type Setup, type SupervisorKind, startSupervisor, type TestSupervisor } from './supervisors.ts';

/** One daemon for all tests of a block: each of them keeps to programs of its own. */
export function sharedSupervisor(kind: SupervisorKind, setup: Setup): () => TestSupervisor {
  const lifetime = sharedLifetime();
  let shared: TestSupervisor | undefined;
  beforeAll(async () => {
    shared = await startSupervisor(lifetime, kind, setup);
  });
  return () => {
    if (shared === undefined) throw new Error('asked for the daemon before it runs');
    return shared;
  };
}

/** What a refused call says, as `CODE TEXT`; a call that succeeds is a failure here. */
export async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    return `answered ${JSON.stringify(await call)}`;
  } catch (error) {
    const { faultCode, faultString } = error as { faultCode?: number; faultString?: string };
    return faultCode === undefined ? String(error) : `${faultCode} ${faultString}`;
  }
}
