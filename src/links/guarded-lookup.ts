import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { systemClock } from '../clock.ts';
import { NameCache } from './name-cache.ts';
import { isForbiddenAddress } from './supervisord-address.ts';

/** One for all hosts: many may stand under one name. */
const names = new NameCache((hostname) => systemLookup(hostname, { all: true }), systemClock);

/** A name must not lead where an address may not: checked on every connection, after resolving. */
export const guardedLookup: LookupFunction = (hostname, options, done) => {
  const answer = (found: readonly LookupAddress[]): void => {
    const allowed = found.filter(({ address }) => !isForbiddenAddress(address));
    const [first] = allowed;
    if (first === undefined) done(forbidden(hostname), []);
    else if (options.all === true) done(null, allowed);
    else done(null, first.address, first.family);
  };
  names.resolve(hostname).then(answer, (error: NodeJS.ErrnoException) => done(error, []));
};

function forbidden(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} leads to an address that is not allowed`), {
    code: 'EFORBIDDEN',
  });
}
