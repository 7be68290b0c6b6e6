// Loaded before the daemon (NODE_OPTIONS=--import …): puts its clocks ahead by as many milliseconds as a file says.
import { readFileSync } from 'node:fs';

const RealDate = Date;
const realNow = performance.now.bind(performance);
const file = process.env.SHIFT_FILE ?? '';
const ahead = () => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {}; // not written yet, or just being written
  }
};
const wallMs = () => RealDate.now() + (ahead().wallMs ?? 0);

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(wallMs());
    else super(...args);
  }
  static now() {
    return wallMs();
  }
};
performance.now = () => realNow() + (ahead().monotonicMs ?? 0);
