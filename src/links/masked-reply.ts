const MOVING = /<name>now<\/name>\s*<value>(?:<(?:int|i4)>)?\d+|uptime [^<]*/g;
const NOW = /<name>now<\/name>\s*<value>(?:<(?:int|i4)>)?(\d+)/;

/**
 * A `getAllProcessInfo` reply without what moves in it by itself (`now`, uptimes): equal texts need no reading.
 * Characters are bytes, so nothing is decoded.
 */
export function maskedReply(reply: Buffer): string {
  return reply.toString('latin1').replace(MOVING, '');
}

/** The first `now` of a reply, in host seconds, or null. */
export function nowInReply(reply: Buffer): number | null {
  const found = NOW.exec(reply.toString('latin1', 0, 4096))?.[1];
  return found === undefined ? null : Number(found);
}
