import type { Page } from 'playwright-core';

/** Has the page note when the text of an element becomes this, or, left out, another than it is now, in epoch milliseconds, after the frame that shows it. */
export async function watchFor(
  page: Page,
  selector: string,
  wanted: string | null = null,
): Promise<() => Promise<number>> {
  await page.evaluate(`{
    const text = () => document.querySelector(${JSON.stringify(selector)})?.textContent;
    const [before, wanted] = [text(), ${JSON.stringify(wanted)}];
    const look = () => (wanted === null ? text() !== before : text().includes(wanted));
    window.seenAt = new Promise((seen) => {
      const tell = () => requestAnimationFrame(() => seen(performance.timeOrigin + performance.now()));
      if (look()) tell();
      else {
        const observer = new MutationObserver(() => {
          if (!look()) return;
          observer.disconnect();
          tell();
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }
    });
    void 0; // the value of this text: nobody waits for the promise here
  }`);
  return () => page.evaluate<number>('window.seenAt');
}

export const nowMs = (): number => performance.timeOrigin + performance.now();

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
