import { HttpRefusal, RpcFault, StrangeAnswer, Unconnected } from './server-faults.ts';

/** System errors by Python's names for them: people's scripts look for `error: <class 'X'>`. */
const SYSTEM_ERRORS: Record<string, readonly [className: string, text: string]> = {
  ECONNREFUSED: ['ConnectionRefusedError', '[Errno 111] Connection refused'],
  ENOENT: ['FileNotFoundError', '[Errno 2] No such file or directory'],
  EACCES: ['PermissionError', '[Errno 13] Permission denied'],
  EPERM: ['PermissionError', '[Errno 1] Operation not permitted'],
  ECONNRESET: ['ConnectionResetError', '[Errno 104] Connection reset by peer'],
  EPIPE: ['BrokenPipeError', '[Errno 32] Broken pipe'],
  ETIMEDOUT: ['TimeoutError', '[Errno 110] Connection timed out'],
  EHOSTUNREACH: ['OSError', '[Errno 113] No route to host'],
  ENETUNREACH: ['OSError', '[Errno 101] Network is unreachable'],
  ENOTFOUND: ['socket.gaierror', '[Errno -2] Name or service not known'],
  EAI_AGAIN: ['socket.gaierror', '[Errno -3] Temporary failure in name resolution'],
};

/** The line supervisorctl prints for what it has no words for. Contract: CTL-006, CTL-011. */
export function unexpectedLine(error: unknown): string {
  const [className, says] = classOf(error);
  return `error: <class '${className}'>, ${says}: file: fleetvisorctl line: 1`;
}

const ADVICE: Record<string, (url: string) => string> = {
  EACCES: (url) => `you may not use ${url}: run this as root or as the user it belongs to`,
  ECONNREFUSED: (url) => `nobody listens at ${url}: is the daemon running?`,
  ENOENT: (url) => `there is no ${url}: is the daemon running?`,
  ENOTFOUND: (url) => `no host has the name in ${url}`,
  ECONNRESET: (url) => (url.startsWith('https:') ? `${url} may speak no TLS: try http://` : `${url} hung up`),
};

/** What a person can do about it; null where the line says all. */
export function adviceFor(error: unknown, url: string): string | null {
  return error instanceof Unconnected ? (ADVICE[error.code]?.(url) ?? null) : null;
}

function classOf(error: unknown): readonly [className: string, says: string] {
  if (error instanceof RpcFault) return ['xmlrpc.client.Fault', error.message];
  if (error instanceof HttpRefusal) return ['xmlrpc.client.ProtocolError', error.message];
  if (error instanceof Unconnected)
    return SYSTEM_ERRORS[error.code] ?? ['OSError', `${error.code} ${error.message}`];
  if (error instanceof StrangeAnswer) return ['ValueError', error.message];
  throw error; // a bug in the ctl: let it be seen with its stack
}
