import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { StoreProblem } from './store-problem.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'v1:';

/** Seals secrets for the database with AES-256-GCM; the key never enters the database. */
export interface Seal {
  /** `about` names what it belongs to: a sealed text copied to another row does not open. */
  seal(secret: string, about: string): string;
  /** Null when the key, the text or `about` is not the one it was sealed with. */
  open(sealed: string, about: string): string | null;
  /** A mark that only the holder of the key can make: proves that a text came from this hub. */
  mac(text: string, about: string): string;
}

/** Reads the key file, making it (0600) when there is none. Throws `StoreProblem` when others may read it. */
export function openSeal(file: string): Seal {
  return sealWith(readKey(file) ?? makeKey(file));
}

/** The same without making one: null when there is no key file, or one that others may read or that is none. */
export function readSeal(file: string): Seal | null {
  try {
    const key = readKey(file);
    return key === null ? null : sealWith(key);
  } catch (error) {
    if (error instanceof StoreProblem) return null;
    throw error;
  }
}

/** The seal of a key as its file holds it; null for text that is no key. */
export function sealOf(keyText: string): Seal | null {
  const key = Buffer.from(keyText.trim(), 'base64');
  return key.length === KEY_BYTES ? sealWith(key) : null;
}

function readKey(file: string): Buffer | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if ((stat.mode & 0o077) !== 0)
    throw new StoreProblem(`${file}: others than its owner may read this key: run "chmod 600 ${file}"`);
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== KEY_BYTES)
    throw new StoreProblem(`${file}: it is no key of this hub: restore it from the backup`);
  return key;
}

function makeKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  const fd = openSync(file, 'wx', 0o600);
  try {
    writeSync(fd, `${key.toString('base64')}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  chmodSync(file, 0o600); // whatever the umask made of it
  return key;
}

function sealWith(key: Buffer): Seal {
  return {
    mac(text, about) {
      // A key of its own for each use, so that no mark is good for anything else.
      const own = createHmac('sha256', key).update(`mac ${about}`).digest();
      return createHmac('sha256', own).update(text).digest('base64url');
    },
    seal(secret, about) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed, about) {
      if (!sealed.startsWith(PREFIX)) return null;
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        return (
          decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch {
        return null; // the tag does not fit: that is the answer, not an accident
      }
    },
  };
}
