import type { Page } from 'playwright-core';

const PATIENCE_MS = 120_000;

/** A hand that counts what it does, from the front page on. */
export class Hand {
  readonly page: Page;
  readonly #address: string;
  readonly #isOpen: string;
  #clicks = 0;
  #texts = 0;
  #loads = 0;

  /** `isOpen`: what stands on the front page once it shows the fleet. */
  constructor(page: Page, address: string, isOpen: string) {
    this.page = page;
    this.#address = address;
    this.#isOpen = isOpen;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('domcontentloaded', () => {
      this.#loads++;
    });
  }

  get clicks(): number {
    return this.#clicks;
  }

  /** Texts typed: a name, a pattern. */
  get texts(): number {
    return this.#texts;
  }

  /** Pages loaded whole since the front page. */
  get loads(): number {
    return this.#loads;
  }

  /** Back to where an operator stands in the morning. Answers the seconds until the fleet is shown. */
  async begin(): Promise<number> {
    const beganMs = performance.now();
    await this.page.goto(this.#address);
    await this.page.waitForSelector(this.#isOpen, { state: 'attached' });
    const seconds = (performance.now() - beganMs) / 1_000;
    this.#clicks = 0;
    this.#texts = 0;
    this.#loads = 0;
    return seconds;
  }

  async click(selector: string): Promise<void> {
    this.#clicks++;
    await this.page.locator(selector).first().click();
  }

  async key(key: string): Promise<void> {
    this.#clicks++;
    await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    this.#texts++;
    await this.page.keyboard.type(text);
  }

  async see(selector: string): Promise<void> {
    await this.page.locator(selector).first().waitFor();
  }
}
