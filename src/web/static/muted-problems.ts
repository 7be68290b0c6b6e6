const KEY = 'fv_muted';
const MOST = 200;

let muted = read();

function read(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return new Set(Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []);
  } catch {
    return new Set(); // what stands there is not ours: nothing is muted
  }
}

/** Mutes these, and no others. */
export function muteOnly(keys: readonly string[]): void {
  muted = new Set(keys.slice(-MOST));
  localStorage.setItem(KEY, JSON.stringify([...muted]));
}

/** Problems this browser has been told to leave out of "Needs attention", each until it changes. */
export const mutedProblems = (): ReadonlySet<string> => muted;
