import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { giveToFolderOwner } from './folder-owner.ts';
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
  return sealOf(checkedKey(file) ?? makeKey(file));
}

/** The key in a file as base64; null when there is none, others may read it, or it is none. */
export function readKey(file: string): string | null {
  try {
    return checkedKey(file);
  } catch (error) {
    if (error instanceof StoreProblem) return null;
    throw error;
  }
}

/** Makes a key in a file (0600) that is not there yet, on disk when it returns. Returns the key as base64. */
export function makeKey(file: string): string {
  const key = randomBytes(KEY_BYTES).toString('base64');
  const fd = openSync(file, 'wx', 0o600);
  try {
    writeSync(fd, `${key}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  chmodSync(file, 0o600); // whatever the umask made of it
  giveToFolderOwner(file);
  return key;
}

function checkedKey(file: string): string | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if ((stat.mode & 0o077) !== 0)
    throw new StoreProblem(`${file}: others than its owner may read this key: run "chmod 600 ${file}"`);
  const key = readFileSync(file, 'utf8').trim();
  if (!isKey(key)) throw new StoreProblem(`${file}: it is no key of this hub: restore it from the backup`);
  return key;
}

export function isKey(text: string): boolean {
  return Buffer.from(text, 'base64').length === KEY_BYTES;
}

/** The seal of a key given as base64. */
export function sealOf(keyText: string): Seal {
  const key = Buffer.from(keyText, 'base64');
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
