import { connectTo, sendRaw } from '../../tests/support/raw-http.ts';
import { seeded } from '../../tests/support/seeded.ts';
import { HUGE, JUNK, SLOW } from './inputs.ts';

export type Attack = 'junk' | 'huge';

const JUNK_AT_ONCE = 8;
const SLOW_SOCKETS = 200;

/** Attacks a port until the process is ended. Runs in a process of its own, so that it delays only its victim. */
export function attack(kind: Attack, port: number, seed: number): void {
  const random = seeded(seed);
  if (kind === 'huge') {
    for (const bytes of HUGE) void forever(() => sendRaw(port, bytes(), (got) => got !== ''));
    return;
  }
  const kinds = Object.values(JUNK);
  let sent = 0;
  const one = () => {
    const make = kinds[sent++ % kinds.length];
    return sendRaw(port, make?.(random) ?? '', (got) => got !== '', { withinMs: 300 });
  };
  for (let i = 0; i < JUNK_AT_ONCE; i++) void forever(one);
  for (let i = 0; i < SLOW_SOCKETS; i++) holdOpen(port, SLOW[i % SLOW.length] ?? '');
  process.on('SIGTERM', () => {
    process.stdout.write(String(sent));
    process.exit();
  });
}

async function forever(act: () => Promise<unknown>): Promise<never> {
  for (;;) await act();
}

/** Keeps one silent connection, another one as soon as it is closed. */
function holdOpen(port: number, words: string): void {
  const socket = connectTo(port);
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(() => holdOpen(port, words), 100));
  socket.write(words);
}
