import type { Page } from 'playwright-core';

/** A hand that counts what it does, from the overview on. */
export class Hand {
  readonly page: Page;
  readonly #address: string;
  #clicks = 0;
  #texts = 0;

  constructor(page: Page, address: string) {
    this.page = page;
    this.#address = address;
  }

  get clicks(): number {
    return this.#clicks;
  }

  /** Texts typed: a name, a pattern. */
  get texts(): number {
    return this.#texts;
  }

  /** Back to where an operator stands in the morning. */
  async begin(): Promise<void> {
    await this.page.goto(this.#address);
    await this.page.waitForSelector('.live.on', { state: 'attached' });
    this.#clicks = 0;
    this.#texts = 0;
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
