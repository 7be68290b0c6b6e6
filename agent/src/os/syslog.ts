import { Buffer } from 'node:buffer';
import koffi from 'koffi';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SEND_FLAGS = 0x40 | 0x4000; // MSG_DONTWAIT | MSG_NOSIGNAL
const LONGEST_PATH_BYTES = 107;

/** A datagram socket on a unix path; Node has none. */
export interface DatagramSender {
  /** False: nobody listens there, or its queue is full. Never waits. */
  send(bytes: Buffer): boolean;
}

interface SocketCalls {
  socket(domain: number, type: number, protocol: number): number;
  connect(fd: number, address: Buffer, length: number): number;
  send(fd: number, bytes: Buffer, length: number, flags: number): number;
  close(fd: number): number;
}

/** Sends to the socket at `path`, connecting anew whenever the one who listened there went away. */
export function datagramSender(path: string): DatagramSender {
  const calls = bindCalls();
  const address = addressOf(path);
  let fd = -1;
  const close = (): void => {
    if (fd >= 0) calls.close(fd);
    fd = -1;
  };
  const connect = (): void => {
    fd = calls.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && calls.connect(fd, address, address.length) < 0) close();
  };
  const sent = (bytes: Buffer): boolean => fd >= 0 && calls.send(fd, bytes, bytes.length, SEND_FLAGS) >= 0;
  return {
    send(bytes) {
      if (sent(bytes)) return true;
      close();
      connect();
      return sent(bytes);
    },
  };
}

function addressOf(path: string): Buffer {
  const name = Buffer.from(path);
  if (name.length > LONGEST_PATH_BYTES) throw new Error(`socket path too long: ${path}`);
  const address = Buffer.alloc(2 + name.length + 1);
  address.writeUInt16LE(AF_UNIX, 0);
  name.copy(address, 2);
  return address;
}

function bindCalls(): SocketCalls {
  const library = koffi.load(null);
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    connect: library.func('int connect(int fd, void *address, unsigned int length)'),
    send: library.func('long send(int fd, void *bytes, unsigned long length, int flags)'),
    close: library.func('int close(int fd)'),
  };
}
