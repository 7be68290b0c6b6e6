import { escapeText } from './characters.ts';
import { type KeptText, keptTextOf } from './kept-text.ts';
import { Output } from './output.ts';

export interface XmlRpcFault {
  readonly faultCode: number;
  readonly faultString: string;
}

const HEAD = "<?xml version='1.0'?>\n";
const INT_LIMIT = 2 ** 53;

/** A method call in the bytes Python's client sends. */
export function encodeCall(method: string, params: readonly unknown[] = []): Buffer {
  const out = new Output(`${HEAD}<methodCall>\n<methodName>${escapeText(method)}</methodName>\n<params>\n`);
  for (const param of params) {
    out.add('<param>\n');
    write(out, param);
    out.add('</param>\n');
  }
  return out.end('</params>\n</methodCall>\n');
}

/**
 * A reply in the bytes supervisord sends; always well-formed, whatever the text in it.
 * Throws TypeError for what XML-RPC has no form for: that is a bug of the method. Contract: RPC-010, RPC-011.
 */
export function encodeResponse(value: unknown): Buffer {
  const out = new Output(`${HEAD}<methodResponse>\n<params>\n<param>\n`);
  write(out, value);
  return out.end('</param>\n</params>\n</methodResponse>\n');
}

/** A fault reply. Contract: RPC-024. */
export function encodeFault({ faultCode, faultString }: XmlRpcFault): Buffer {
  const out = new Output(`${HEAD}<methodResponse>\n<fault>\n`);
  write(out, { faultCode, faultString });
  return out.end('</fault>\n</methodResponse>\n');
}

function write(out: Output, value: unknown): void {
  if (typeof value === 'object') writeObject(out, value);
  else out.add(plainText(value));
}

function plainText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `<value><string>${escapeText(value)}</string></value>\n`;
    case 'number':
      return numberText(value);
    case 'boolean':
      return `<value><boolean>${value ? 1 : 0}</boolean></value>\n`;
    default:
      throw new TypeError(`XML-RPC has no form for a ${typeof value}`);
  }
}

/** Beyond 32 bits still `<int>`: Python, PHP and Node read it, and nothing else is understood everywhere. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < INT_LIMIT) return `<value><int>${value}</int></value>\n`;
  if (!Number.isFinite(value)) throw new TypeError(`XML-RPC has no form for ${value}`);
  return `<value><double>${value}</double></value>\n`;
}

function writeObject(out: Output, value: object | null): void {
  if (value === null) out.add('<value><nil/></value>\n');
  else if (Array.isArray(value)) writeArray(out, value);
  else if (value instanceof Uint8Array) {
    out.add(`<value><base64>\n${Buffer.from(value).toString('base64')}\n</base64></value>\n`);
  } else writeStruct(out, value);
}

function writeArray(out: Output, values: readonly unknown[]): void {
  out.add('<value><array><data>\n');
  for (const value of values) write(out, value);
  out.add('</data></array></value>\n');
}

/** Text between what has members of its own goes out in one piece: most structs are flat, and there are many. */
function writeStruct(out: Output, value: object): void {
  const kept = keptTextOf(value);
  if (kept !== null) {
    writeKept(out, value, kept);
    return;
  }
  let text = '<value><struct>\n';
  for (const name of Object.keys(value)) {
    const member: unknown = Reflect.get(value, name);
    text += memberHead(name);
    if (typeof member === 'object') {
      out.add(text);
      writeObject(out, member);
      text = '</member>\n';
    } else {
      text += `${plainText(member)}</member>\n`;
    }
  }
  out.add(`${text}</struct></value>\n`);
}

function writeKept(out: Output, value: object, kept: KeptText): void {
  kept.parts ??= partsAround(kept.changing, value);
  let text = kept.parts[0] ?? '';
  kept.changing.forEach((name, index) => {
    text += plainText(Reflect.get(value, name)) + (kept.parts?.[index + 1] ?? '');
  });
  out.add(text);
}

/** The text of a flat struct without the members named, as the parts that surround them. */
function partsAround(changing: readonly string[], value: object): string[] {
  const parts: string[] = [];
  let text = '<value><struct>\n';
  for (const name of Object.keys(value)) {
    text += memberHead(name);
    if (changing.includes(name)) {
      parts.push(text);
      text = '</member>\n';
    } else {
      text += `${plainText(Reflect.get(value, name))}</member>\n`;
    }
  }
  return [...parts, `${text}</struct></value>\n`];
}

const MOST_HEADS = 1_000;
const heads = new Map<string, string>();

/** The same few names come again and again. */
function memberHead(name: string): string {
  const known = heads.get(name);
  if (known !== undefined) return known;
  const head = `<member>\n<name>${escapeText(name)}</name>\n`;
  if (heads.size < MOST_HEADS) heads.set(name, head);
  return head;
}
