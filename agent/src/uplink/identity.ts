import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Who this agent is. The private key never leaves the host. */
export interface Identity {
  /** Base64 SPKI. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  /** Given by the hub at the first welcome. */
  readonly hostId: string | null;
  /** The hub's public key (base64 SPKI), pinned at the first welcome and demanded ever after. */
  readonly hubKey: string | null;
  /** SHA-256 of the token it joined with: left lying about, that one does not let it in a second time. */
  readonly joinedWith: string | null;
}

/** The identity file cannot be used; the text says what to do. */
export class IdentityProblem extends Error {
  constructor(says: string) {
    super(says);
    this.name = 'IdentityProblem';
  }
}

interface IdentityFile {
  readonly version: 1;
  readonly privateKey: string;
  readonly hostId: string | null;
  readonly hubKey: string | null;
  readonly joinedWith?: string | null;
}

/** The identity kept at `path`; made there, readable by the owner alone, when there is none. Throws `IdentityProblem`. */
export function loadIdentity(path: string): Identity {
  return fromFile(path) ?? create(path);
}

/** Puts the identity in the place of the one at `path`, all of it or nothing. Throws the system's error. */
export function saveIdentity(path: string, identity: Identity): void {
  const temporary = writeTemporary(path, asFile(identity));
  renameSync(temporary, path);
}

/** Under which a token is remembered. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64');

/** Base64 signature with the agent's key. */
export function signText(identity: Identity, text: string): string {
  return sign(null, Buffer.from(text), identity.privateKey).toString('base64');
}

/** Somebody new to the hub that `identity` knows: for a host that has to join it anew. Kept nowhere yet. */
export function newIdentity(hubKey: string | null): Identity {
  return { ...publicHalf(generateKeyPairSync('ed25519').privateKey), hostId: null, hubKey, joinedWith: null };
}

function fromFile(path: string): Identity | null {
  const text = readPrivately(path);
  if (text === null) return null;
  const file = parse(text);
  if (file === null) {
    throw new IdentityProblem(
      `${path} is damaged: restore it, or remove it and join the hub again with a new token`,
    );
  }
  const privateKey = createPrivateKey({
    key: Buffer.from(file.privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  const { hostId, hubKey, joinedWith = null } = file;
  return { ...publicHalf(privateKey), hostId, hubKey, joinedWith };
}

/** The file's text, or null when there is none; refuses one that others may read. */
function readPrivately(path: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new IdentityProblem(`cannot read ${path}: ${(error as Error).message}`);
  }
  try {
    if ((fstatSync(fd).mode & 0o077) !== 0) {
      throw new IdentityProblem(
        `others may read ${path}: chmod 600 it; if somebody did, remove it and join again`,
      );
    }
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

function parse(text: string): IdentityFile | null {
  try {
    const file: unknown = JSON.parse(text);
    return isIdentityFile(file) ? file : null;
  } catch {
    return null; // damaged JSON is the same problem as a missing member
  }
}

function isIdentityFile(file: unknown): file is IdentityFile {
  if (typeof file !== 'object' || file === null) return false;
  const { version, privateKey, hostId, hubKey, joinedWith = null } = file as Record<string, unknown>;
  if (version !== 1 || typeof privateKey !== 'string') return false;
  return [hostId, hubKey, joinedWith].every((member) => member === null || typeof member === 'string');
}

function create(path: string): Identity {
  const identity = newIdentity(null);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = writeTemporary(path, asFile(identity));
    try {
      linkSync(temporary, path); // unlike rename it never takes the place of one made meanwhile
    } finally {
      rmSync(temporary);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return loadIdentity(path);
    throw new IdentityProblem(`cannot make ${path}: ${(error as Error).message}`);
  }
  return identity;
}

function publicHalf(privateKey: KeyObject): Pick<Identity, 'privateKey' | 'publicKey'> {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, publicKey: der.toString('base64') };
}

function asFile({ privateKey, hostId, hubKey, joinedWith }: Identity): IdentityFile {
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  return { version: 1, privateKey: der.toString('base64'), hostId, hubKey, joinedWith };
}

function writeTemporary(path: string, file: IdentityFile): string {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  const fd = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(fd, `${JSON.stringify(file)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return temporary;
}
