import { constants } from 'node:os';

/** A server cannot be opened; the message is the whole usage error, and the daemon exits with status 2. */
export class CannotListen extends Error {
  constructor(says: string) {
    super(says);
    this.name = 'CannotListen';
  }
}

const IN_USE =
  'Another program is already listening on a port that one of our HTTP servers is configured to use.  ' +
  'Shut this program down first before starting supervisord.';

/** The usage error for a system error of binding. Contract: CFG-161, CFG-162. */
export function cannotListen(errno: string): CannotListen {
  if (errno === 'EADDRINUSE') return new CannotListen(IN_USE);
  const number = Object.entries(constants.errno).find(([name]) => name === errno)?.[1];
  const which = number === undefined ? errno : `errno.${errno} (${number})`;
  return new CannotListen(`Cannot open an HTTP server: socket.error reported ${which}`);
}
