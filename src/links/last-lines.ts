import type { Channel } from '@fleetvisor/agent/protocol';
import { readLogEnd } from './log-over-xmlrpc.ts';
import type { SupervisordClient } from './supervisord-client.ts';
import { type ToldProcess, toldKey } from './told-process.ts';
import { TransportError } from './transport-error.ts';
import { FaultAnswer } from './xmlrpc-call.ts';

const BYTES = 4_096;
const LINES = 20;

/** The last words of a process that died: from stderr, else stdout; newest last, empty when there are none. */
export async function askLastLines(
  client: SupervisordClient,
  process: ToldProcess,
): Promise<readonly string[]> {
  const channels: Channel[] = [];
  if (process.hasStderr) channels.push('stderr');
  if (process.hasStdout) channels.push('stdout');
  for (const channel of channels) {
    const lines = lastLines(await endOfLog(client, toldKey(process), channel));
    if (lines.length > 0) return lines;
  }
  return [];
}

async function endOfLog(client: SupervisordClient, namespec: string, channel: Channel): Promise<string> {
  try {
    return (await readLogEnd(client, { namespec, channel }, BYTES)) ?? '';
  } catch (error) {
    // a missing log is no reason to lose the news of the crash; a host that is gone is told by the next poll
    if (error instanceof FaultAnswer || error instanceof TransportError) return '';
    throw error;
  }
}

/** The last lines of a piece of log that may begin inside a line. */
export function lastLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  return lines.slice(-LINES);
}
