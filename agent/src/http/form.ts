import { announcedLength, readBody } from './body.ts';
import type { Exchange } from './exchange.ts';

const MAX_FORM_BYTES = 64 * 1024;

/**
 * The fields of a page request: of the query, overlaid by a posted form; or the status that refuses it.
 * A field given twice counts once: the first of the query, the last of the form. Contract: RPC-154, RPC-156.
 */
export async function readForm({ req, query }: Exchange): Promise<ReadonlyMap<string, string> | number> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!fields.has(name)) fields.set(name, value);
  }
  if (req.method !== 'POST') return fields;
  const announced = announcedLength(req, MAX_FORM_BYTES);
  if (typeof announced === 'number') return announced;
  for (const [name, value] of new URLSearchParams((await readBody(req)).toString('utf8')))
    fields.set(name, value);
  return fields;
}
