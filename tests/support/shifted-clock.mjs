// Loaded before the daemon (NODE_OPTIONS=--import …): moves its wall clock by as many milliseconds as a file says.
import { readFileSync } from 'node:fs';

const RealDate = Date;
const file = process.env.SHIFT_FILE ?? '';
const shiftMs = () => {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0; // not written yet
  }
};

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + shiftMs());
    else super(...args);
  }
  static now() {
    return RealDate.now() + shiftMs();
  }
};
