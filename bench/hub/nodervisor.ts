import { NodervisorUnderTest } from './nodervisor-under-test.ts';
import { Stubs } from './stubs.ts';
import { median, type Table } from './table.ts';

/** Its page asks for the whole fleet this often. */
const ASKED_EVERY_MS = 5_000;
const PATIENCE_MS = 30_000;
const quiet = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** The rows of `fifty` in nodervisor: `NODERVISOR` names its checkout. */
export async function nodervisor(table: Table): Promise<void> {
  const checkout = process.env.NODERVISOR ?? '';
  if (checkout === '') return table.note('nodervisor is not measured: NODERVISOR names no checkout.');
  const stubs = new Stubs(50, 4);
  const told = await stubs.hear();
  const peer = await NodervisorUnderTest.start(checkout);
  try {
    const cookie = await peer.cookie();
    const ports = told.kind === 'ports' ? told.ports : [];
    const hosts = ports.map((port, index) => ({ name: `stub-${index}`, url: `http://127.0.0.1:${port}` }));
    await peer.watch(hosts, cookie);
    await pageMs(peer, cookie);
    const healthy = await pageMs(peer, cookie);
    const ratio = await viewerRatio(peer, stubs, cookie, table);
    stubs.tell({ kind: 'hole', index: 7 });
    const holed = await timed(peer, cookie);
    const name = `nodervisor ${peer.version}`;
    const end = holed === null ? `, given up unfilled after ${PATIENCE_MS / 1_000} s` : '';
    table.note(`${name}: page and fleet p50, all healthy: ${healthy.toFixed(0)} ms`);
    table.row(
      `${name}: page and fleet, 1 of 50 hosts a black hole${end} ÷ all healthy`,
      (holed ?? PATIENCE_MS) / healthy,
      '×',
    );
    table.row(`${name}: RPCs per host caused by 50 browsers ÷ by 1`, ratio, '×');
  } finally {
    await peer.stop();
    stubs.stop();
  }
}

/** The page and what its script asks for to fill it, as a browser loads them; null when that never came. */
async function timed(peer: NodervisorUnderTest, cookie: string): Promise<number | null> {
  const at = performance.now();
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    for (const path of ['/', '/ajax/supervisord'])
      await (await fetch(`${peer.address}${path}`, { headers: { cookie }, signal })).text();
    return performance.now() - at;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

async function pageMs(peer: NodervisorUnderTest, cookie: string): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < 40; round += 1) taken.push((await timed(peer, cookie)) ?? PATIENCE_MS);
  return median(taken);
}

async function viewerRatio(
  peer: NodervisorUnderTest,
  stubs: Stubs,
  cookie: string,
  table: Table,
): Promise<number> {
  const count = async (browsers: number): Promise<number> => {
    const ask = () =>
      fetch(`${peer.address}/ajax/supervisord`, { headers: { cookie } }).then((answer) => answer.text());
    const asked: Promise<unknown>[] = [];
    const timers = Array.from({ length: browsers }, () =>
      setInterval(() => asked.push(ask()), ASKED_EVERY_MS),
    );
    await quiet(2 * ASKED_EVERY_MS);
    await stubs.counted();
    await quiet(3 * ASKED_EVERY_MS);
    const calls = await stubs.counted();
    for (const timer of timers) clearInterval(timer);
    await Promise.all(asked);
    return calls.reduce((sum, each) => sum + each, 0) / calls.length;
  };
  const one = await count(1);
  const many = await count(50);
  table.note(`RPCs per host in 15 s: ${one.toFixed(1)} with 1 browser, ${many.toFixed(1)} with 50`);
  return many / one;
}
