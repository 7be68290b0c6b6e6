import { holds, type Row, say } from './row.ts';
import { median } from './subject.ts';
import * as waits from './waits.ts';
import * as work from './work.ts';

const ROWS: readonly Row[] = [...Object.values(waits), ...Object.values(work)];

/** `npm run bench:agent [-- --rounds 5] [-- WORDS…]`: rows whose name holds a word, agent and supervisord in turn. */
async function main(args: readonly string[]): Promise<void> {
  const at = args.indexOf('--rounds');
  const rounds = at < 0 ? 5 : Number(args[at + 1]);
  const words = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  const rows = ROWS.filter((row) => words.length === 0 || words.some((word) => row.name.includes(word)));
  console.log(
    `| ${rounds} interleaved rounds | supervisord | agent | ratio | must | aim | |\n|---|---|---|---|---|---|---|`,
  );
  for (const row of rows) console.log(await measure(row, rounds));
}

async function measure(row: Row, rounds: number): Promise<string> {
  const theirs: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    theirs.push(await row.measure('supervisord'));
    ours.push(await row.measure('agent'));
  }
  const [them, us] = [median(theirs), median(ours)];
  const verdict = holds(row.aim, us, them) ? 'aim' : holds(row.must, us, them) ? 'must' : 'MISSED';
  const show = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ${row.unit}`;
  return `| ${row.name} | ${show(them)} | ${show(us)} | ${(us / them).toFixed(3)} | ${say(row.must)} | ${say(row.aim)} | ${verdict} |`;
}

await main(process.argv.slice(2));
