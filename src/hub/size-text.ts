const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `412 KB`, `1.3 GB`: powers of 1024, three digits. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const size = bytes / 1024 ** power;
  return `${size >= 10 || power === 0 ? Math.round(size) : size.toFixed(1)} ${UNITS[power]}`;
}
