import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Database, sql } from './database.ts';
import type { Seal } from './seal.ts';
import { ABOUT } from './sealed-columns.ts';
import { StoreProblem } from './store-problem.ts';

/** One Ed25519 identity of the hub. */
export interface HubKey {
  /** Base64 SPKI. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** The identity agents pin when they join, and those it had before: each vouches for `own` to agents that pinned it. */
export interface HubKeyRing {
  readonly own: HubKey;
  /** Newest first. */
  readonly former: readonly HubKey[];
}

/** The keys of this hub; the first is made at the first opening. */
export class HubKeys {
  readonly #db: Database;
  readonly #seal: Seal;
  #ring: HubKeyRing;

  /** Throws `StoreProblem` when the key file was changed. */
  constructor(db: Database, seal: Seal, nowMs: number) {
    this.#db = db;
    this.#seal = seal;
    this.#ring = db.inTransaction(() => this.#read() ?? this.#add(nowMs));
  }

  ring(): HubKeyRing {
    return this.#ring;
  }

  /** Looks again: another process may have turned the ring. */
  reread(): void {
    this.#ring = this.#read() ?? this.#ring;
  }

  /** Makes a new key the hub's own; the one before becomes a former one. */
  rotate(nowMs: number): HubKeyRing {
    this.#ring = this.#db.inTransaction(() => this.#add(nowMs));
    return this.#ring;
  }

  /** From here on nothing vouches for the hub to an agent that pinned a former key. */
  endFormer(): void {
    this.#db.run(sql.deleteFrom('hub_keys').where('public_key', '!=', this.#ring.own.publicKey));
    this.#ring = { own: this.#ring.own, former: [] };
  }

  #read(): HubKeyRing | null {
    const rows = this.#db.all(sql.selectFrom('hub_keys').selectAll().orderBy('id', 'desc'));
    const [own, ...former] = rows.map((row) => this.#open(row.public_key, row.sealed_private_key));
    return own === undefined ? null : { own, former };
  }

  #open(publicKey: string, sealed: string): HubKey {
    const der = this.#seal.open(sealed, ABOUT.hubKey());
    if (der === null)
      throw new StoreProblem(
        'hub.key is not the key this database was written with: restore it from the backup',
      );
    const key = Buffer.from(der, 'base64');
    return { publicKey, privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }) };
  }

  #add(nowMs: number): HubKeyRing {
    const { own, former } = this.#read() ?? { own: null, former: [] };
    const pair = generateKeyPairSync('ed25519');
    const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    const sealed = this.#seal.seal(der, ABOUT.hubKey());
    this.#db.run(
      sql
        .insertInto('hub_keys')
        .values({ public_key: publicKey, sealed_private_key: sealed, created_at_ms: nowMs }),
    );
    const added = { publicKey, privateKey: pair.privateKey };
    return { own: added, former: own === null ? [] : [own, ...former] };
  }
}
