import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The system's Chromium, with nothing that calls out. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

export type Width = 'wide' | 'phone';

export function openContext(
  browser: Browser,
  width: Width,
  theme: 'light' | 'dark',
): Promise<BrowserContext> {
  return browser.newContext({
    viewport: width === 'wide' ? { width: 1400, height: 900 } : { width: 390, height: 844 },
    deviceScaleFactor: width === 'wide' ? 1 : 2,
    hasTouch: width === 'phone',
    colorScheme: theme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
}

/** Everything the page complained about: console errors, uncaught errors, what the CSP stopped, files that failed. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    // What a page still asked for when it was left is nobody's failure.
    const isLeft = request.failure()?.errorText === 'net::ERR_ABORTED';
    if (!request.url().includes('socket.io') && !isLeft) complaints.push(`failed: ${request.url()}`);
  });
  return complaints;
}
