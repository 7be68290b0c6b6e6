import { soundIsOn } from './alarm.ts';
import { onDo } from './doers.ts';
import { keysAreOn } from './key-switch.ts';
import { remember } from './page-root.ts';

/** What this browser alone remembers, where the settings show it. */
export function drawPreferences(): void {
  const theme = document.documentElement.dataset.theme ?? 'system';
  for (const button of document.querySelectorAll<HTMLElement>('[data-theme-of]'))
    button.setAttribute('aria-pressed', String(button.dataset.themeOf === theme));
  turn('[data-own="keys-pick"] .switch', keysAreOn());
  turn('[data-own="sound-pick"] .switch', soundIsOn());
}

function turn(selector: string, on: boolean): void {
  document.querySelector(selector)?.setAttribute('aria-checked', String(on));
}

onDo('theme-pick', (on) => {
  const theme = on.dataset.themeOf ?? 'system';
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  remember('theme', theme);
  drawPreferences();
});

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLSelectElement) || target.id !== 'pref-zone') return;
  target.form?.requestSubmit();
});
