import { isUtf8 } from 'node:buffer';
import { CALL_LIMITS, REPLY_LIMITS, type XmlRpcLimits } from './limits.ts';
import { MalformedXmlRpc } from './malformed.ts';
import { ValueReader } from './read-value.ts';
import type { XmlRpcValue } from './value.ts';
import { type Strictness, XmlReader } from './xml-reader.ts';

export interface XmlRpcCall {
  readonly method: string;
  readonly params: readonly XmlRpcValue[];
}

export type XmlRpcReply =
  | { readonly kind: 'value'; readonly value: XmlRpcValue }
  | { readonly kind: 'fault'; readonly faultCode: number; readonly faultString: string };

/**
 * Reads a method call as supervisord does: `<params>` may be absent, the text must be UTF-8 without
 * characters XML forbids. Throws `MalformedXmlRpc`. Contract: RPC-006 to RPC-009.
 */
export function decodeCall(bytes: Uint8Array, limits: XmlRpcLimits = CALL_LIMITS): XmlRpcCall {
  const { xml, values } = open(bytes, 'strict', limits);
  xml.expectOpen('methodCall');
  xml.expectOpen('methodName');
  const method = xml.readContent();
  if (method === '') throw new MalformedXmlRpc('no method name');
  xml.readTag();
  if (xml.closes('methodCall')) return finish(xml, { method, params: [] });
  const params = readParams(xml, values);
  xml.expectClose('methodCall');
  return finish(xml, { method, params });
}

/**
 * Reads a reply; tolerates what stock servers send (raw control characters, cut UTF-8, bare `&`).
 * Throws `MalformedXmlRpc`; a fault is an answer, not an error.
 */
export function decodeResponse(bytes: Uint8Array, limits: XmlRpcLimits = REPLY_LIMITS): XmlRpcReply {
  const { xml, values } = open(bytes, 'tolerant', limits);
  xml.expectOpen('methodResponse');
  xml.readTag();
  const reply = xml.opens('fault') ? readFault(xml, values) : readResult(xml, values);
  xml.expectClose('methodResponse');
  return reply;
}

function open(
  bytes: Uint8Array,
  strictness: Strictness,
  limits: XmlRpcLimits,
): { xml: XmlReader; values: ValueReader } {
  if (bytes.length > limits.maxBytes) throw new MalformedXmlRpc('too large');
  if (strictness === 'strict' && !isUtf8(bytes)) throw new MalformedXmlRpc('not UTF-8');
  const xml = new XmlReader(bytes, strictness);
  return { xml, values: new ValueReader(xml, strictness, limits) };
}

function finish(xml: XmlReader, call: XmlRpcCall): XmlRpcCall {
  xml.expectEnd();
  return call;
}

/** The params element the reader stands on; afterwards it stands on the end of it. */
function readParams(xml: XmlReader, values: ValueReader): XmlRpcValue[] {
  const params: XmlRpcValue[] = [];
  if (!xml.opens('params')) throw new MalformedXmlRpc('no <params>');
  if (xml.isEmpty()) return params;
  while (!xml.endsHere('params')) {
    if (!xml.opens('param')) throw new MalformedXmlRpc('no <param>');
    xml.expectOpen('value');
    params.push(values.read());
    xml.expectClose('param');
  }
  return params;
}

function readResult(xml: XmlReader, values: ValueReader): XmlRpcReply {
  return { kind: 'value', value: readParams(xml, values)[0] ?? null };
}

function readFault(xml: XmlReader, values: ValueReader): XmlRpcReply {
  xml.expectOpen('value');
  const value = values.read();
  xml.expectClose('fault');
  if (!isStruct(value) || typeof value.faultCode !== 'number') throw new MalformedXmlRpc('no faultCode');
  return { kind: 'fault', faultCode: value.faultCode, faultString: String(value.faultString ?? '') };
}

function isStruct(value: XmlRpcValue): value is { readonly [member: string]: XmlRpcValue } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
