import type { HttpServerConfig } from './config.ts';
import type { Loading } from './loading.ts';
import { SectionReader } from './section-reader.ts';

const FACTORY = 'supervisor.rpcinterface_factory';
const BUILT_IN = 'supervisor.rpcinterface:make_main_rpcinterface';

/** Names of the `[rpcinterface:x]` sections; their factories are Python, so only the built-in one is known. Contract: CFG-223 to CFG-226. */
export function readRpcInterfaces(loading: Loading): string[] {
  return sectionsOf(loading).map((reader) => {
    const factory = reader.text(FACTORY);
    if (reader.raw(FACTORY) === null) {
      const says = `section [${reader.section}] does not specify a ${FACTORY}`;
      reader.complain(FACTORY, { says, hint: `add ${FACTORY}=${BUILT_IN}` });
    } else if (factory !== null && factory !== BUILT_IN) {
      const says = `${factory} cannot be resolved within [${reader.section}]`;
      reader.complain(FACTORY, {
        says,
        hint: `remove the section: only ${BUILT_IN} is built in, and Python cannot be loaded`,
      });
    }
    for (const option of extraOptions(reader.section, loading)) reader.text(option);
    return nameOf(reader.section);
  });
}

/** The built-in factory takes no arguments; supervisord finds that out when it opens a server. Contract: CFG-068. */
export function checkRpcInterfaces(loading: Loading, servers: readonly HttpServerConfig[]): void {
  if (servers.length === 0) return;
  for (const reader of sectionsOf(loading)) {
    const [extra] = extraOptions(reader.section, loading);
    if (extra === undefined) continue;
    const says = `Could not make ${nameOf(reader.section)} rpc interface`;
    reader.complain(extra, { says, hint: `it takes no option ${extra} (also not from [DEFAULT])` });
  }
}

function sectionsOf({ document, findings, environmentNames }: Loading): SectionReader[] {
  const sections = [...document.sections.keys()].filter((section) => section.startsWith('rpcinterface:'));
  return sections.map((section) => new SectionReader(section, document, findings, environmentNames));
}

function extraOptions(section: string, { document }: Loading): string[] {
  return document.optionNames(section).filter((option) => option !== FACTORY);
}

function nameOf(section: string): string {
  return section.slice(section.indexOf(':') + 1);
}
