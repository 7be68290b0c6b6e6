import type { World } from '../view/world.ts';
import { onDo } from './doers.ts';
import { say } from './page-root.ts';

const KEY = 'fv_sound';
let known: Set<string> | null = null;

export const soundIsOn = (): boolean => localStorage.getItem(KEY) === 'on';

/** The favicon shows a red block while anything is FATAL; a new FATAL or lost host sounds once, if asked to. */
export function alarm(world: World): void {
  const fatal = world.members.filter(({ mark }) => mark === 'fatal').map(({ key }) => key);
  const lost = world.hosts
    .filter(({ reachability }) => reachability.kind === 'unreachable')
    .map(({ id }) => `host ${id}`);
  const now = new Set([...fatal, ...lost]);
  const before = known;
  if (before !== null && soundIsOn() && [...now].some((key) => !before.has(key))) beep();
  known = now;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const wanted = fatal.length > 0 ? icon?.dataset.trouble : icon?.dataset.calm;
  if (icon && wanted !== undefined && icon.getAttribute('href') !== wanted) icon.setAttribute('href', wanted);
}

function beep(): void {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.setValueAtTime(0.12, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5);
  tone.frequency.value = 660;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.5);
  tone.addEventListener('ended', () => void audio.close());
}

export function drawSound(): void {
  const button = document.querySelector('[data-do="sound"]');
  if (button === null) return;
  const text = say(soundIsOn() ? 'sound.on' : 'sound.off');
  button.setAttribute('title', text);
  button.setAttribute('aria-label', text);
  button.setAttribute('aria-pressed', String(soundIsOn()));
  button.querySelector('use')?.setAttribute('href', soundIsOn() ? '#i-volume' : '#i-volume-off');
}

onDo('sound', () => {
  localStorage.setItem(KEY, soundIsOn() ? 'off' : 'on');
  drawSound();
});
