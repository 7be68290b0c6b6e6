import { escapeText } from './characters.ts';

export interface XmlRpcFault {
  readonly faultCode: number;
  readonly faultString: string;
}

const HEAD = "<?xml version='1.0'?>\n";
const INT_LIMIT = 2 ** 53;

/** A method call in the bytes Python's client sends. */
export function encodeCall(method: string, params: readonly unknown[] = []): Buffer {
  const list = params.map((value) => `<param>\n${write(value)}</param>\n`).join('');
  return Buffer.from(
    `${HEAD}<methodCall>\n<methodName>${escapeText(method)}</methodName>\n<params>\n${list}</params>\n</methodCall>\n`,
  );
}

/**
 * A reply in the bytes supervisord sends; always well-formed, whatever the text in it.
 * Throws TypeError for what XML-RPC has no form for: that is a bug of the method. Contract: RPC-010, RPC-011.
 */
export function encodeResponse(value: unknown): Buffer {
  return Buffer.from(
    `${HEAD}<methodResponse>\n<params>\n<param>\n${write(value)}</param>\n</params>\n</methodResponse>\n`,
  );
}

/** A fault reply. Contract: RPC-024. */
export function encodeFault({ faultCode, faultString }: XmlRpcFault): Buffer {
  return Buffer.from(
    `${HEAD}<methodResponse>\n<fault>\n${write({ faultCode, faultString })}</fault>\n</methodResponse>\n`,
  );
}

function write(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `<value><string>${escapeText(value)}</string></value>\n`;
    case 'number':
      return writeNumber(value);
    case 'boolean':
      return `<value><boolean>${value ? 1 : 0}</boolean></value>\n`;
    case 'object':
      return writeObject(value);
    default:
      throw new TypeError(`XML-RPC has no form for a ${typeof value}`);
  }
}

/** Beyond 32 bits still `<int>`: Python, PHP and Node read it, and nothing else is understood everywhere. */
function writeNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < INT_LIMIT) return `<value><int>${value}</int></value>\n`;
  if (!Number.isFinite(value)) throw new TypeError(`XML-RPC has no form for ${value}`);
  return `<value><double>${value}</double></value>\n`;
}

function writeObject(value: object | null): string {
  if (value === null) return '<value><nil/></value>\n';
  if (value instanceof Uint8Array) {
    return `<value><base64>\n${Buffer.from(value).toString('base64')}\n</base64></value>\n`;
  }
  if (Array.isArray(value)) return writeArray(value);
  let members = '';
  for (const [name, member] of Object.entries(value)) {
    members += `<member>\n<name>${escapeText(name)}</name>\n${write(member)}</member>\n`;
  }
  return `<value><struct>\n${members}</struct></value>\n`;
}

function writeArray(values: readonly unknown[]): string {
  let items = '';
  for (const value of values) items += write(value);
  return `<value><array><data>\n${items}</data></array></value>\n`;
}
