import { onDo } from './doers.ts';
import { remember } from './page-root.ts';

/** Dark or light, whatever chose it. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
}

export function switchTheme(): void {
  const next = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  remember('theme', next);
}

export function switchLanguage(): void {
  remember('language', document.documentElement.lang.startsWith('zh') ? 'en' : 'zh');
  location.reload();
}

onDo('theme', switchTheme);
onDo('language', switchLanguage);
