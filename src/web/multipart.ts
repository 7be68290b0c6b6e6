/** What a form with a file sends. */
export interface SentForm {
  readonly fields: URLSearchParams;
  /** The first file that was picked; an empty one is none. */
  readonly file: Buffer | null;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Reads `multipart/form-data`; null for bytes that are none. Source: RFC 7578. */
export function readMultipart(type: string, body: Buffer): SentForm | null {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(type);
  if (boundary === null) return null;
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2]}`);
  const fields = new URLSearchParams();
  let file: Buffer | null = null;
  let at = body.indexOf(mark);
  while (at >= 0) {
    const from = at + mark.length;
    const next = body.indexOf(mark, from);
    if (next < 0) break;
    const part = partIn(body.subarray(from, next));
    if (part?.isFile) file ??= part.bytes.length === 0 ? null : part.bytes;
    else if (part != null) fields.append(part.name, part.bytes.toString());
    at = next;
  }
  return { fields, file };
}

/** One part, between two marks: CR LF, head, an empty line, its bytes, CR LF. */
function partIn(part: Buffer): { name: string; isFile: boolean; bytes: Buffer } | null {
  const end = part.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = part.subarray(0, end).toString();
  const name = /content-disposition:[^\r\n]*[; ]name="([^"\r\n]*)"/i.exec(head)?.[1];
  if (name === undefined) return null;
  const isFile = /content-disposition:[^\r\n]*[; ]filename="/i.test(head);
  return {
    name,
    isFile,
    bytes: part.subarray(end + HEAD_END.length, Math.max(end + HEAD_END.length, part.length - 2)),
  };
}
