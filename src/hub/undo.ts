/** What was begun, to be ended in reverse order, each step whatever became of the others. */
export class Undo {
  readonly #steps: (() => unknown)[] = [];
  readonly #bug: (error: unknown) => void;

  constructor(bug: (error: unknown) => void) {
    this.#bug = bug;
  }

  later(...steps: readonly (() => unknown)[]): void {
    this.#steps.push(...steps);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        this.#bug(error);
      }
    }
  }
}
