import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, openContext, type Width } from './browser.ts';
import type { TestHub } from './hub.ts';
import { type Somebody, signIn } from './people.ts';

/** A browser before a real hub. */
export interface HubConsole {
  readonly browser: Browser;
  readonly address: string;
  /** A page of somebody signed in; without somebody, of the first administrator. */
  open(path: string, wish?: OpenWish): Promise<Page>;
  close(): Promise<void>;
}

export interface OpenWish {
  readonly as?: Pick<Somebody, 'name' | 'password'>;
  readonly width?: Width;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en' | 'zh';
  readonly script?: 'off';
}

export async function consoleOn(hub: TestHub): Promise<HubConsole> {
  const browser = await launchBrowser();
  const address = hub.hub.address;
  const contexts = new Map<string, BrowserContext>();
  const contextFor = async (wish: OpenWish): Promise<BrowserContext> => {
    const key = JSON.stringify([wish.as?.name, wish.width, wish.theme, wish.language, wish.script]);
    const known = contexts.get(key);
    if (known !== undefined) return known;
    const context =
      wish.script === 'off'
        ? await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1400, height: 900 } })
        : await openContext(browser, wish.width ?? 'wide', wish.theme ?? 'light');
    const { name, password } = wish.as ?? { name: 'admin', password: hub.password };
    const { cookie } = await signIn(hub, name, password);
    const [session = '', value = ''] = cookie.split('=');
    await context.addCookies([
      { name: session, value, url: address, httpOnly: true, sameSite: 'Strict' },
      { name: 'fv_language', value: wish.language ?? 'en', url: address },
    ]);
    contexts.set(key, context);
    return context;
  };
  return {
    browser,
    address,
    async open(path, wish = {}) {
      const page = await (await contextFor(wish)).newPage();
      await page.goto(`${address}${path}`);
      if (wish.script !== 'off') await page.waitForSelector('.live.on', { state: 'attached' });
      return page;
    },
    close: () => browser.close(),
  };
}
