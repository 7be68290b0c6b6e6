import { readdirSync } from 'node:fs';
import type { RequestHandler } from 'express';

const KINDS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** Sends the compressed copy the build made of a file to browsers that take it. Its ETag is its own. */
export function compressed(folder: string): RequestHandler {
  const files: ReadonlySet<string> = new Set(readdirSync(folder));
  return (req, res, next) => {
    const name = req.path.slice(1);
    if (!files.has(`${name}.br`)) return next();
    res.vary('accept-encoding');
    const kind = KINDS.find(
      ([encoding, ending]) => files.has(name + ending) && req.acceptsEncodings(encoding),
    );
    if (kind === undefined) return next();
    const [encoding, ending] = kind;
    res.set('content-encoding', encoding).type(name);
    req.url = `/${name}${ending}`;
    next();
  };
}
