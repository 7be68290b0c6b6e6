import { ownerOf, userOf } from './accounts.ts';
import type { FcgiSocketConfig, UserIds } from './config.ts';
import { Names } from './expansion.ts';
import type { Loading } from './loading.ts';
import { normalizePath, type PathContext } from './paths.ts';
import { good, type Reader, type Reading, wrong } from './reading.ts';
import { SectionReader } from './section-reader.ts';
import { integer, octal, portNumber } from './values.ts';

const TCP = /^tcp:\/\/([^\s:]+):(\d+)$/;

type Owner = { readonly uid: number; readonly gid: number };

interface SocketWishes {
  readonly user: UserIds | null;
  readonly backlog: number | null;
  readonly owner: Owner | null;
  readonly mode: number | null;
}

/**
 * The socket of an `[fcgi-program:x]`; null, with a problem, when it is missing or wrong.
 * Contract: CFG-210 to CFG-215, CFG-085.
 */
export function readFcgiSocket(section: string, program: string, loading: Loading): FcgiSocketConfig | null {
  const { document, findings, paths, here, environmentNames } = loading;
  const names = new Names(environmentNames, { here });
  const reader = new SectionReader(section, document, findings, names);
  const wishes: SocketWishes = {
    user: reader.value('user', userOf(paths.users), null),
    backlog: reader.value('socket_backlog', backlogSize, null),
    owner: reader.value(
      'socket_owner',
      ownerOf(paths.users, (text) => `Invalid socket_owner value ${text}`),
      null,
    ),
    mode: reader.value('socket_mode', socketMode, null),
  };
  const before = reader.problemCount();
  const url = reader.with(new Names(names, { program_name: program })).text('socket');
  if (url) return reader.take('socket', fcgiSocket(url, section, wishes, paths), null);
  if (reader.problemCount() === before) {
    const hint = 'add socket=unix:///path or socket=tcp://host:port';
    reader.complain('socket', { says: `[${section}] section requires a "socket" line`, hint });
  }
  return null;
}

function fcgiSocket(
  url: string,
  section: string,
  wishes: SocketWishes,
  paths: PathContext,
): Reading<FcgiSocketConfig> {
  const socket = url.startsWith('unix://') ? unixSocket(url.slice(7), wishes, paths) : tcpSocket(url, wishes);
  return socket.ok ? socket : wrong(`${socket.fault.says} in [${section}] socket`, socket.fault.hint);
}

function unixSocket(path: string, wishes: SocketWishes, paths: PathContext): Reading<FcgiSocketConfig> {
  if (!path.startsWith('/'))
    return wrong(`Unix socket path ${path} is not an absolute path`, 'use unix:///path');
  const { user, backlog, mode } = wishes;
  const other = user !== null && user.uid !== paths.users.ownUid() ? { uid: user.uid, gid: user.gid } : null;
  const url = `unix://${normalizePath(path, paths)}`;
  return good({ url, backlog, mode: mode ?? 0o700, owner: wishes.owner ?? other });
}

function tcpSocket(url: string, { backlog, owner, mode }: SocketWishes): Reading<FcgiSocketConfig> {
  if (owner !== null || mode !== null) {
    const says = 'socket_owner and socket_mode params should only be used with a Unix domain socket';
    return wrong(says, 'remove socket_owner and socket_mode');
  }
  const match = TCP.exec(url);
  if (match === null) return wrong(`Bad socket format ${url}`, 'use unix:///path or tcp://host:port');
  const port = portNumber(match[2] ?? '');
  if (!port.ok) return port;
  return good({
    url: `tcp://${(match[1] ?? '').toLowerCase()}:${port.value}`,
    backlog,
    mode: null,
    owner: null,
  });
}

const backlogSize: Reader<number> = (text) => {
  const size = integer(text);
  if (!size.ok || (size.value >= 1 && size.value <= 65535)) return size;
  return wrong(`Invalid socket_backlog value ${size.value}`, 'use a number from 1 to 65535');
};

const socketMode: Reader<number> = (text) => {
  const mode = octal(text);
  return mode.ok ? mode : wrong(`Invalid socket_mode value ${text}`, 'use octal digits, such as 0700');
};
