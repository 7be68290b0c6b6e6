import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** While something slides in it is half transparent, and no contrast is what it will be. */
const MOVING_ENDS = `Promise.all(document.getAnimations()
  .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished.catch(() => {})))`;

/** What a theme can make wrong. */
const COLOURS = "{ runOnly: ['color-contrast', 'link-in-text-block'], resultTypes: ['violations'] }";

/** What axe finds under WCAG 2.2 AA and its best practices, a line for each element. */
export async function axeFinds(page: Page, options = "{ resultTypes: ['violations'] }"): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(readFileSync(AXE, 'utf8'));
  await page.evaluate(MOVING_ENDS);
  return page.evaluate<string[]>(`axe.run(document, ${options}).then(({ violations }) =>
    violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => id + ' (' + help + '): ' + target.join(' ') + ' ' + (failureSummary ?? '').split('\\n')[1])))`);
}

/** The same of a page in the light theme, then of its colours in the dark one, without loading it again. */
export async function axeInBothThemes(page: Page, at: string): Promise<string[]> {
  const light = await axeFinds(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await axeFinds(page, COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light.map((one) => `${at} light: ${one}`), ...dark.map((one) => `${at} dark: ${one}`)];
}
