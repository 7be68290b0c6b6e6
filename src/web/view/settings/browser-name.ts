import type { Say } from '../say.ts';

/** What a browser calls itself → its name; the first that fits, since each also names those it imitates. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/fleetvisor-cli/, 'fleetvisor'],
  [/Edg(?:A|iOS)?\/(\d+)/, 'Edge'],
  [/OPR\/(\d+)/, 'Opera'],
  [/SamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/(?:HeadlessChrome|Chromium|Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/, 'Safari'],
  [/^curl\/(\d+)/, 'curl'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
];

/** `Firefox 131 on Linux`; what is not known is shown as it called itself. */
export function browserName(agent: string, say: Say): string {
  const browser = BROWSERS.find(([test]) => test.test(agent));
  if (browser === undefined) return agent === '' ? say('sessions.nameless') : agent.slice(0, 60);
  const [test, name] = browser;
  const version = test.exec(agent)?.[1];
  const program = version === undefined ? name : `${name} ${version}`;
  const system = SYSTEMS.find(([fits]) => fits.test(agent))?.[1];
  return system === undefined ? program : say('sessions.browser', { browser: program, system });
}
