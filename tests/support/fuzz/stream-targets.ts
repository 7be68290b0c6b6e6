import { Handshake } from '../../../agent/src/events/handshake.ts';
import { Capture } from '../../../agent/src/logs/capture.ts';
import { AnsiStripper } from '../../../agent/src/logs/strip-ansi.ts';
import { PieceReader } from '../../../src/links/log-over-xmlrpc.ts';
import type { SupervisordClient } from '../../../src/links/supervisord-client.ts';
import { type FuzzTarget, mustEqual, pieces } from './target.ts';

const OUTPUT = Buffer.from(
  'plain\n\x1b[31mred\x1b[0m\x1b\x1b[1;2Hé日<!--XSUPERVISOR:BEGIN-->said<!--XSUPERVISOR:END-->\xff\0end',
);

/** What a listener means does not hang on how its output is cut; an event is sent whenever it is ready. */
export const listenerProtocol: FuzzTarget = {
  name: 'listener',
  seeds: [
    'READY\nRESULT 2\nOKREADY\n',
    'READY\nRESULT 4\nFAILREADY\nRESULT 0\nREADY\nRESULT  1_0\n0123456789READY\n',
    'READY\n',
  ].map((text) => Buffer.from(text)),
  check(bytes, random) {
    const slowly = listen([...bytes].map((one) => Buffer.of(one)));
    const turns = slowly.turns.map((end, i) => bytes.subarray(slowly.turns[i - 1] ?? 0, end));
    const rest = bytes.subarray(slowly.turns.at(-1) ?? 0);
    const quickly = listen([...turns, rest].flatMap((turn) => pieces(turn, random)));
    mustEqual('a listener in pieces', quickly, slowly);
  },
};

/** What it meant, and after how many bytes it was its listener's turn to wait. */
function listen(parts: readonly Buffer[]) {
  const handshake = new Handshake();
  const kinds: string[] = [];
  const turns: number[] = [];
  let at = 0;
  for (const part of parts) {
    kinds.push(...handshake.feed(part).map(({ kind }) => kind));
    at += part.length;
    if (handshake.state !== 'READY') continue;
    turns.push(at);
    handshake.sent();
  }
  return { kinds, turns, state: handshake.state };
}

/** Escapes and capture tokens are found however the output is cut, and nothing else is lost. */
export const childOutput: FuzzTarget = {
  name: 'output',
  seeds: [OUTPUT, Buffer.concat([OUTPUT, OUTPUT])],
  check(bytes, random) {
    const cut = pieces(bytes, random);
    mustEqual('escapes in pieces', stripped(cut), stripped([bytes]));
    mustEqual('tokens in pieces', captured(cut), captured([bytes]));
  },
};

function stripped(parts: readonly Buffer[]): string {
  const stripper = new AnsiStripper();
  const out = parts.map((part) => Buffer.from(stripper.strip(part)));
  return Buffer.concat([...out, stripper.end()]).toString('latin1');
}

function captured(parts: readonly Buffer[]): unknown {
  let [outside, inside, messages] = ['', '', 0];
  const capture = new Capture({
    text: (data, isCaptured) => {
      if (isCaptured) inside += data.toString('latin1');
      else outside += data.toString('latin1');
    },
    message: () => {
      messages++;
    },
  });
  for (const part of parts) capture.feed(part);
  capture.end();
  return [outside, inside, messages];
}

/** A log of anything is read to its end over a daemon that refuses what is not UTF-8; no good byte is lost. */
export const logTail: FuzzTarget = {
  name: 'tail',
  seeds: [OUTPUT, Buffer.from('日本語é\n'.repeat(40))],
  async check(bytes) {
    const reader = new PieceReader(refusing(bytes), { namespec: 'x', channel: 'stdout' });
    let read = '';
    for (let at = 0, rounds = 0; at < bytes.length; rounds++) {
      const { text, endOffset } = await reader.next(at, bytes.length);
      if (endOffset <= at || endOffset > bytes.length || rounds > bytes.length)
        throw new Error(`stuck at ${at}`);
      if (text !== null) mustEqual('a piece', text, bytes.toString('utf8', at, endOffset));
      read += text ?? '';
      at = endOffset;
    }
    if (!bytes.toString('utf8').includes('\ufffd')) mustEqual('a log of text', read, bytes.toString('utf8'));
  },
};

function refusing(log: Buffer): SupervisordClient {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const ask = async (_method: string, [calls]: readonly unknown[]): Promise<unknown> =>
    (calls as { params: [string, number, number] }[]).map(({ params: [, offset, length] }) => {
      try {
        return decoder.decode(log.subarray(offset, offset + length));
      } catch {
        return { faultCode: 30, faultString: 'FAILED: no UTF-8' };
      }
    });
  return { ask } as unknown as SupervisordClient; // all that a reader asks of it
}
