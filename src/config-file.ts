/** One `key = value` of a file, with its place. */
export interface FileLine {
  /** `/etc/fleetvisor-hub/hub.conf:12` */
  readonly where: string;
  readonly key: string;
  readonly value: string;
}

export interface ConfigFile {
  readonly lines: readonly FileLine[];
  readonly problems: readonly { readonly where: string; readonly says: string }[];
}

/**
 * Reads lines of `key = value`; `#` and `;` begin a comment where a line or, after a blank, a remark begins.
 * A value may stand in double quotes. Keys are the flags without their dashes, and each may stand there once.
 */
export function readConfigFile(path: string, text: string, known: ReadonlySet<string>): ConfigFile {
  const lines: FileLine[] = [];
  const problems: { where: string; says: string }[] = [];
  const seen = new Map<string, number>();
  text.split(/\r?\n/).forEach((raw, at) => {
    const where = `${path}:${at + 1}`;
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    const match = /^([A-Za-z0-9_-]+)\s*=\s*(.*)$/.exec(line);
    const key = (match?.[1] ?? '').toLowerCase().replaceAll('_', '-');
    const first = seen.get(key);
    if (match === null) problems.push({ where, says: 'is not of the form key = value' });
    else if (!known.has(key))
      problems.push({ where, says: `there is no setting ${key}${nearest(key, known)}` });
    else if (first !== undefined) problems.push({ where, says: `${key} stands in line ${first} already` });
    else {
      seen.set(key, at + 1);
      lines.push({ where, key, value: bare(match[2] ?? '') });
    }
  });
  return { lines, problems };
}

function bare(value: string): string {
  const quoted = /^"([^"]*)"\s*([#;].*)?$/.exec(value);
  return quoted === null ? value.replace(/\s+[#;].*$/, '').trim() : (quoted[1] ?? '');
}

/** The setting somebody may have meant. */
function nearest(key: string, known: ReadonlySet<string>): string {
  const alike = [...known].find((one) => one.startsWith(key.slice(0, 4)) || one.includes(key));
  return alike === undefined ? '' : `: did you mean ${alike}?`;
}
