import { posix } from 'node:path';
import type { FleetvisorConfig } from './config.ts';
import { Names } from './expansion.ts';
import type { Loading } from './loading.ts';
import { normalizePath } from './paths.ts';
import { quoted } from './python-text.ts';
import { good, type Reader, wrong } from './reading.ts';
import { SectionReader } from './section-reader.ts';

const HUB_SCHEMES = ['http:', 'https:'];

/** `[fleetvisor]`, which stock supervisord ignores; all its options may be absent. */
export function readFleetvisor(loading: Loading): FleetvisorConfig {
  const { document, findings, environmentNames, here, nodeName } = loading;
  const names = new Names(environmentNames, { here, host_node_name: nodeName });
  const reader = new SectionReader('fleetvisor', document, findings, names);
  const path: Reader<string> = (text) =>
    good(posix.resolve(here, normalizePath(text, { ...loading.paths, cwd: here })));
  return {
    hub: reader.value('hub', hubUrl, null),
    joinToken: reader.value('join_token', present, null),
    joinTokenFile: reader.value('join_token_file', path, null),
    identityFile: reader.value('identity', path, posix.join(here, 'fleetvisor-identity.json')),
    hostName: reader.value('name', present, nodeName) ?? nodeName,
    allow: reader.value('allow', allowance, 'control'),
  };
}

const present: Reader<string | null> = (text) => good(text === '' ? null : text);

const hubUrl: Reader<string | null> = (text) => {
  if (text === '') return good(null);
  if (URL.canParse(text) && HUB_SCHEMES.includes(new URL(text).protocol)) return good(text);
  return wrong(`[fleetvisor] hub is not a URL: ${quoted(text)}`, 'use http://host:port or https://host');
};

const allowance: Reader<FleetvisorConfig['allow']> = (text) => {
  const word = text.toLowerCase();
  if (word === 'observe' || word === 'control' || word === 'configure') return good(word);
  return wrong(`invalid 'allow' value ${quoted(text)} in [fleetvisor]`, 'use observe, control or configure');
};
