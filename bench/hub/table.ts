import { availableParallelism, loadavg } from 'node:os';

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Prints one line per measured row, with the verdict against its bounds. */
export class Table {
  begin(): void {
    console.log('| row | measured | must | aim | |\n|---|---|---|---|---|');
  }

  row(name: string, value: number, unit: string, must?: number, aim?: number): void {
    const verdict =
      aim !== undefined && value <= aim ? 'aim' : must !== undefined && value <= must ? 'must' : 'MISSED';
    const shown = value.toFixed(Math.abs(value) < 10 ? 2 : 0);
    console.log(
      `| ${name} | ${shown} ${unit} | ${must ?? '–'} | ${aim ?? '–'} | ${must === undefined ? '' : verdict} |`,
    );
  }

  /** Rows in seconds and milliseconds of the clock count only on a calm machine. */
  end(): void {
    const [lately = 0, , long = 0] = loadavg();
    console.log(
      `\nLoad average ${lately.toFixed(1)} (15 min: ${long.toFixed(1)}) on ${availableParallelism()} cores; memory and CPU do not depend on it, times do.`,
    );
  }

  /** What helps to judge the row that follows. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}
