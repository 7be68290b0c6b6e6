import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Database, sql } from './database.ts';
import type { Seal } from './seal.ts';
import { StoreProblem } from './store-problem.ts';

/** The hub's own Ed25519 identity, which agents pin when they join. */
export interface HubKey {
  /** Base64 SPKI. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** Returns the one key of this hub, making it at the first call. Throws `StoreProblem` when the key file was changed. */
export function hubKey(db: Database, seal: Seal, nowMs: number): HubKey {
  return db.inTransaction(() => readHubKey(db, seal) ?? makeHubKey(db, seal, nowMs));
}

const ABOUT = 'hub-key';

function readHubKey(db: Database, seal: Seal): HubKey | null {
  const row = db.one(sql.selectFrom('hub_keys').selectAll());
  if (row === undefined) return null;
  const der = seal.open(row.sealed_private_key, ABOUT);
  if (der === null)
    throw new StoreProblem(
      'hub.key is not the key this database was written with: restore it from the backup',
    );
  return {
    publicKey: row.public_key,
    privateKey: createPrivateKey({ key: Buffer.from(der, 'base64'), format: 'der', type: 'pkcs8' }),
  };
}

function makeHubKey(db: Database, seal: Seal, nowMs: number): HubKey {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  db.run(
    sql.insertInto('hub_keys').values({
      id: 1,
      public_key: publicKey,
      sealed_private_key: seal.seal(der, ABOUT),
      created_at_ms: nowMs,
    }),
  );
  return { publicKey, privateKey: pair.privateKey };
}
