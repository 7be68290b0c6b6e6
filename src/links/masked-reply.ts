const NOW = /<name>now<\/name>\s*<value>(?:<(?:int|i4)>)?(\d+)/;
const MEMBER = Buffer.from('<name>now</name>');
const UPTIME = Buffer.from('uptime ');
/** Between the name and the last digit of its number there are fewer bytes than this. */
const NUMBER_WITHIN = 60;
const ZERO = 0x30;
const NINE = 0x39;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const BLANK = 0x20;

/**
 * Blanks out, in place, what moves by itself in a `getAllProcessInfo` reply (`now` becomes 0, uptimes empty), so
 * that equal bytes need no reading; it can still be read. Nothing is decoded: this runs for every poll.
 */
export function maskReply(reply: Buffer): void {
  for (let at = reply.indexOf(MEMBER); at >= 0; at = reply.indexOf(MEMBER, at + 1)) {
    blankNumber(reply, at + MEMBER.length);
  }
  for (let at = reply.indexOf(UPTIME); at >= 0; at = reply.indexOf(UPTIME, at + 1)) {
    const end = reply.indexOf(LESS_THAN, at);
    if (end > at) reply.fill(BLANK, at + UPTIME.length, end);
  }
}

function blankNumber(reply: Buffer, from: number): void {
  const end = Math.min(reply.length - 1, from + NUMBER_WITHIN);
  let inNumber = false;
  for (let index = from; index < end; index++) {
    const isDigit = isDigitByte(reply[index]) && reply[index + 1] !== GREATER_THAN; // not the 4 of <i4>
    if (inNumber && !isDigit) return;
    inNumber = isDigit;
    if (isDigit) reply[index] = ZERO;
  }
}

function isDigitByte(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** The first `now` of a reply, in host seconds, or null. */
export function nowInReply(reply: Buffer): number | null {
  const found = NOW.exec(reply.toString('latin1', 0, 4096))?.[1];
  return found === undefined ? null : Number(found);
}
