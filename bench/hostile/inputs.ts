import { callXml } from '../../tests/support/raw-http.ts';
import { mutate } from '../../tests/support/seeded.ts';

type Random = () => number;

const MiB = 1024 * 1024;
const text = (value: string) => `<string>${value}</string>`;
const post = (body: string, more = '') =>
  `POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n${more}\r\n${body}`;
const call = (method: string, ...params: string[]) => post(callXml(method, ...params));
const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T;

const WALKS = [
  'supervisor.supervisord.options.execve',
  'supervisor.supervisord.process_groups.clear',
  'supervisor.__proto__',
  'supervisor.constructor',
  'supervisor.constructor.constructor',
  '__proto__.toString',
  'system.__init__',
  'supervisor._update',
  'system.multicall.__globals__',
  '',
  '.',
  'supervisor.',
];
const NAMES = [
  '__proto__',
  'constructor',
  'a&#0;b',
  'a&#10;b',
  '../../etc/passwd',
  ':',
  '*',
  'x'.repeat(20_000),
  'q0:q0:q0',
];
const METHODS = [
  'getProcessInfo',
  'tailProcessStdoutLog',
  'clearProcessLogs',
  'sendProcessStdin',
  'readProcessStderrLog',
];
const VALUES = [
  '<int>99999999999999999999</int>',
  '<double>1e999</double>',
  '<nil/>',
  '<boolean>7</boolean>',
  '<array/>',
  '<base64>!!</base64>',
];
const ENTITIES = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${[...'bcdefgh'].map((name, i) => `<!ENTITY ${name} "${`&${'abcdefg'[i]};`.repeat(10)}">`).join('')}]>`;
const SOUND = [
  call('supervisor.getProcessInfo', text('q1')),
  'GET /logtail/q1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET /tail.html?processname=q1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
];

/** Small requests nobody honest sends, by kind. */
export const JUNK: Readonly<Record<string, (random: Random) => string | Buffer>> = {
  mutated: (random) => mutate(Buffer.from(pick(SOUND, random)), random),
  truncated: (random) => {
    const sound = pick(SOUND, random);
    return sound.slice(0, Math.floor(random() * sound.length));
  },
  deep: () => call('supervisor.getState', '<array><data><value>'.repeat(5_000)),
  entities: () =>
    post(`<?xml version="1.0"?>${ENTITIES}${callXml('&h;').replace('<?xml version="1.0"?>', '')}`),
  'outside entity': () =>
    post(
      `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><methodCall><methodName>&x;</methodName></methodCall>`,
    ),
  walks: (random) => call(pick(WALKS, random), text('q1')),
  names: (random) => call(`supervisor.${pick(METHODS, random)}`, text(pick(NAMES, random))),
  'wrong types': (random) =>
    call(`supervisor.${pick(METHODS, random)}`, pick(VALUES, random), pick(VALUES, random)),
  'many calls in one': () =>
    call(
      'system.multicall',
      `<array><data>${'<value><struct><member><name>methodName</name><value>supervisor.getState</value></member></struct></value>'.repeat(300)}</data></array>`,
    ),
  pipelined: () => 'GET /ok.html HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200),
  'long header': () => `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`,
  'many headers': () => `GET / HTTP/1.1\r\n${'H: x\r\n'.repeat(3_000)}\r\n`,
  'two lengths': () =>
    `POST /RPC2 HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 50\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'bad lengths': (random) =>
    `POST /RPC2 HTTP/1.1\r\nContent-Length: ${pick(['-1', '1e9', '0x10', '99999999999999999999', ''], random)}\r\n\r\nx`,
  'no http': (random) => Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))),
};

/** The first words of a connection that then says nothing more. */
export const SLOW = ['', 'POST /RPC2 HTTP/1.1\r\nX: ', 'POST /RPC2 HTTP/1.1\r\nContent-Length: 100\r\n\r\n<'];

/** Requests of many megabytes. */
export const HUGE: readonly (() => Buffer)[] = [
  () => Buffer.from(post(callXml('supervisor.getProcessInfo', text('x'.repeat(64 * MiB))))),
  () => Buffer.from(`GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(16 * MiB)}\r\n\r\n`),
];
