import { posix } from 'node:path';
import type { Parsed } from './config.ts';
import { Names } from './expansion.ts';
import { exposedSecrets } from './exposed-secrets.ts';
import { Findings } from './findings.ts';
import { IniDocument } from './ini-document.ts';
import { normalizePath, type PathContext, parentOf } from './paths.ts';
import { readFile } from './read-sources.ts';
import { SectionReader } from './section-reader.ts';

/** `[supervisorctl]`, or its defaults. Contract: CFG-163 to CFG-166. */
export interface CtlConfig {
  /** `http://host:port` or `unix:///path`, the path absolute. */
  readonly serverUrl: string;
  readonly username: string | null;
  readonly password: string | null;
  /** Shown with `> ` after it. */
  readonly prompt: string;
  readonly historyFile: string | null;
  /** A password stands in a file that any user may read: what to say of it. */
  readonly exposed: string | null;
  /** `[ctlplugin:x]` sections, which are left out: their code is Python. Contract: CFG-227. */
  readonly unloadable: readonly string[];
}

/** What the ctl command assumes where no file says otherwise. Contract: CFG-003. */
export const DEFAULT_CTL_CONFIG: CtlConfig = {
  serverUrl: 'http://localhost:9001',
  username: null,
  password: null,
  prompt: 'supervisor',
  historyFile: null,
  exposed: null,
  unloadable: [],
};

/**
 * Reads the ctl command's own section of one file; `[include]` is not followed and nothing else is checked.
 * Contract: CFG-005, CFG-008, CFG-009, CFG-013, CFG-163 to CFG-167.
 */
export function readCtlConfig(path: string, paths: PathContext): Parsed<CtlConfig> {
  const findings = new Findings();
  const config = readSection(path, paths, findings);
  const [first, ...others] = findings.problems;
  return first === undefined ? { ok: true, value: config } : { ok: false, problems: [first, ...others] };
}

function readSection(path: string, paths: PathContext, findings: Findings): CtlConfig {
  const document = new IniDocument();
  if (!readFile(document, path, paths, findings)) return DEFAULT_CTL_CONFIG;
  if (!document.sections.has('supervisorctl')) {
    const says = '.ini file does not include supervisorctl section';
    findings.add({
      where: `${path}:1`,
      says,
      hint: 'add [supervisorctl] to this very file; includes are not read',
    });
  }
  const names = new Names(null);
  names.setEnvironment(paths.env);
  const reader = new SectionReader('supervisorctl', document, findings, names);
  const here = posix.resolve(paths.cwd, parentOf(path));
  const placed = reader.with(new Names(names, { here }));
  const serverUrl = placed.text('serverurl') ?? DEFAULT_CTL_CONFIG.serverUrl;
  const prompt = reader.text('prompt') ?? DEFAULT_CTL_CONFIG.prompt;
  const username = reader.text('username');
  const password = reader.text('password');
  const historyFile = placed.text('history_file');
  const unloadable = pluginSections(document, findings);
  return {
    serverUrl: serverUrl.startsWith('unix://')
      ? `unix://${normalizePath(serverUrl.slice(7), paths)}`
      : serverUrl,
    username,
    password,
    prompt,
    historyFile: historyFile ? normalizePath(historyFile, paths) : null,
    exposed: exposedSecrets(document, paths.files)[0] ?? null,
    unloadable,
  };
}

/** The sections of plugins; one without a factory is refused, as supervisorctl does. */
function pluginSections(document: IniDocument, findings: Findings): string[] {
  const plugins = [...document.sections.values()].filter(({ name }) => name.startsWith('ctlplugin:'));
  for (const { name, origin, options } of plugins) {
    if (options.has('supervisor.ctl_factory')) continue;
    findings.complain(origin, {
      says: `section [${name}] does not specify a supervisor.ctl_factory`,
      hint: 'remove the section: plugins are Python, which cannot be loaded here',
    });
  }
  return plugins.map(({ name }) => name);
}
