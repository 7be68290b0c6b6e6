/** Lets so many through at once, and of each host so many, in the order they came. */
export class Turnstile {
  readonly #most: number;
  readonly #mostPerHost: number;
  readonly #inside = new Map<string, number>();
  #count = 0;
  #waiting: { readonly host: string; readonly enter: () => void }[] = [];

  constructor(most: number, mostPerHost: number) {
    this.#most = most;
    this.#mostPerHost = mostPerHost;
  }

  /** Resolves with the way out once there is room, or with null once the signal says not to wait any more. */
  async enter(host: string, signal: AbortSignal): Promise<(() => void) | null> {
    if (signal.aborted) return null;
    if (!this.#hasRoom(host) && !(await this.#wait(host, signal))) return null;
    this.#move(host, 1);
    let isOut = false;
    return () => {
      if (isOut) return;
      isOut = true;
      this.#move(host, -1);
      this.#next();
    };
  }

  #wait(host: string, signal: AbortSignal): Promise<boolean> {
    return new Promise((done) => {
      const giveUp = (): void => {
        this.#waiting = this.#waiting.filter((one) => one !== mine);
        done(false);
      };
      const mine = {
        host,
        enter: (): void => {
          signal.removeEventListener('abort', giveUp);
          done(true);
        },
      };
      this.#waiting.push(mine);
      signal.addEventListener('abort', giveUp);
    });
  }

  #next(): void {
    const at = this.#waiting.findIndex(({ host }) => this.#hasRoom(host));
    this.#waiting.splice(at, at < 0 ? 0 : 1)[0]?.enter();
  }

  #hasRoom(host: string): boolean {
    return this.#count < this.#most && (this.#inside.get(host) ?? 0) < this.#mostPerHost;
  }

  #move(host: string, by: 1 | -1): void {
    this.#count += by;
    const inside = (this.#inside.get(host) ?? 0) + by;
    if (inside === 0) this.#inside.delete(host);
    else this.#inside.set(host, inside);
  }
}
