/** Elements with a place of their own in a message. */
const STRUCTURE = [
  'methodCall',
  'methodName',
  'methodResponse',
  'fault',
  'params',
  'param',
  'value',
  'struct',
  'member',
  'name',
  'array',
  'data',
] as const;
const SCALARS = [
  'int',
  'i4',
  'i8',
  'string',
  'boolean',
  'double',
  'dateTime.iso8601',
  'base64',
  'nil',
] as const;

export type Element = (typeof STRUCTURE)[number];

export interface KnownName {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The whole tags: `<name>` and `</name>`. */
  readonly open: Uint8Array;
  readonly close: Uint8Array;
}

const KNOWN: readonly KnownName[] = [...STRUCTURE, ...SCALARS].map((name) => ({
  name,
  bytes: Buffer.from(name),
  open: Buffer.from(`<${name}>`),
  close: Buffer.from(`</${name}>`),
}));

/** Names by their first byte, so that a tag is told apart by one look and one comparison. */
const BY_FIRST_BYTE: readonly (readonly KnownName[])[] = Array.from({ length: 256 }, (_, byte) =>
  KNOWN.filter(({ bytes }) => bytes[0] === byte),
);

export function namesBeginningWith(byte: number): readonly KnownName[] {
  return BY_FIRST_BYTE[byte] ?? [];
}

export const TAGS = Object.fromEntries(KNOWN.map((known) => [known.name, known])) as Record<
  Element,
  KnownName
>;

/** True when `bytes` holds `wanted` at `at`. */
export function hasAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) {
    if (bytes[at + i] !== wanted[i]) return false;
  }
  return true;
}
