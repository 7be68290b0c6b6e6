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

  /** What helps to judge the row that follows. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}
