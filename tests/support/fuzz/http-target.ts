import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../agent/src/config/config.ts';
import { readCredentials } from '../../../agent/src/http/basic-auth.ts';
import { percentDecode, percentEncode } from '../../../agent/src/http/percent.ts';
import { startHttpServers } from '../../../agent/src/http/servers.ts';
import { systemClock } from '../../../agent/src/os/clock.ts';
import { createMethods } from '../../../agent/src/rpc/methods.ts';
import { heardLog } from '../process-parts.ts';
import { callXml, sendRaw } from '../raw-http.ts';
import { ScriptedSupervisor } from '../scripted-supervisor.ts';
import { type FuzzTarget, mustEqual } from './target.ts';

const BODY = callXml('supervisor.getProcessInfo', '<string>web</string>');
const REQUESTS = [
  `POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`,
  'GET /index.html?processname=web&action=refresh HTTP/1.1\r\nHost: x\r\nAuthorization: Basic dTpw\r\nConnection: close\r\n\r\n',
  'POST /index.html HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 28\r\n\r\nprocessname=%41&action=start',
  'GET /tail.html?processname=web&limit=2000 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /healthz HTTP/1.0\r\n\r\n',
  'GET /logtail/web%3Aweb/stderr HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'GET /metrics HTTP/1.1\r\nHost: x\r\nRange: bytes=0-\r\nExpect: 100-continue\r\n\r\n',
].map((text) => Buffer.from(text));

/** What pages and methods ask of a configuration. */
const CONFIG = {
  daemon: { identifier: 'fuzzed' },
  rpcInterfaces: ['supervisor'],
  groups: [],
} as unknown as Config;

/** The texts of a request: a header with a login, and an escaped path. */
export const httpTexts: FuzzTarget = {
  name: 'http-texts',
  seeds: [Buffer.from('Basic dTpw'), Buffer.from('/logtail/%e6%97%a5%41%zz'), ...REQUESTS],
  check(bytes) {
    const text = bytes.toString('utf8');
    readCredentials(bytes.toString('latin1'));
    percentDecode(text);
    mustEqual('a name escaped and read', percentDecode(percentEncode(text)), text);
  },
};

/** The whole HTTP side on a socket; `close` when done. What nobody expected is a CRIT line, and a finding. */
export async function openHttpTarget(): Promise<FuzzTarget & { close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'fv-fuzz-'));
  const path = join(folder, 's.sock');
  const lines: string[] = [];
  const supervisor = Object.assign(new ScriptedSupervisor(null, ['web:web']), { config: () => CONFIG });
  const servers = await startHttpServers({
    servers: [{ kind: 'unix', section: 'unix_http_server', path, mode: 0o600, owner: null, auth: null }],
    methods: createMethods({ supervisor, clock: systemClock, pid: 1 }),
    supervisor,
    clock: systemClock,
    log: heardLog(lines),
    warn: () => {},
  });
  lines.length = 0; // that there is no login is said at the start
  return {
    name: 'http',
    seeds: REQUESTS,
    async check(bytes) {
      await sendRaw(path, bytes, (got) => got.length > 0, { withinMs: 60 });
      const crit = lines.find((line) => line.startsWith('CRIT'));
      lines.length = 0;
      if (crit !== undefined) throw new Error(crit);
    },
    async close() {
      await servers.close();
      rmSync(folder, { recursive: true });
    },
  };
}
