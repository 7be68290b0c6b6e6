const KEY = 'fv_keys';

/** Single-key shortcuts, unless this reader switched them off. */
export function keysAreOn(): boolean {
  return localStorage.getItem(KEY) !== 'off';
}

export function switchKeys(): void {
  localStorage.setItem(KEY, keysAreOn() ? 'off' : 'on');
}
