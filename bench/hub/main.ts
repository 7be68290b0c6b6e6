import { agents } from './agents.ts';
import { playAgents } from './many-agents.ts';
import { nodervisor } from './nodervisor.ts';
import { fifty, stopEverywhere, twoHundred } from './polled.ts';
import { playStubs } from './stub-supervisors.ts';
import { Table } from './table.ts';

const PARTS: Readonly<Record<string, (table: Table) => Promise<void>>> = {
  fifty,
  nodervisor,
  stop: stopEverywhere,
  polling: twoHundred,
  thousand: (table) => agents(table, 1_000),
  'five-thousand': (table) => agents(table, 5_000),
};

/** `npm run bench:hub [-- PART…]`: fifty, nodervisor, stop, polling, thousand, five-thousand; all of them when none is named. */
async function main([name = '', ...args]: readonly string[]): Promise<void> {
  if (name === 'play-stubs') return playStubs(Number(args[0]), Number(args[1]));
  if (name === 'play-agents')
    return playAgents(args[0] ?? '', args[1] ?? '', Number(args[2]), Number(args[3]));
  const wanted = name === '' ? Object.keys(PARTS) : [name, ...args];
  const table = new Table();
  table.begin();
  for (const part of wanted) {
    const measure = PARTS[part];
    if (measure === undefined)
      throw new Error(`no part named ${part}: there are ${Object.keys(PARTS).join(', ')}`);
    await measure(table);
  }
  table.end();
}

await main(process.argv.slice(2));
