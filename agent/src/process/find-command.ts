import type { ProcessConfig } from '../config/config.ts';
import { quoted } from '../config/python-text.ts';
import { splitCommand } from '../config/split-command.ts';
import type { FileKind, Os } from '../os/os.ts';

/** A command found, or the spawn error in supervisord's words. Contract: PROC-019 to PROC-023, RPC-067. */
export type FoundCommand =
  | { readonly kind: 'found'; readonly file: string; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'no-file' | 'not-executable'; readonly says: string };

const DEFAULT_PATH = '/bin:/usr/bin:/usr/local/bin';

/** Splits the command and finds its file: as written when it holds a slash, else the first that exists on PATH. */
export function findCommand(config: ProcessConfig, os: Os): FoundCommand {
  const words = splitCommand(config.command);
  if (!words.ok) return { kind: 'not-executable', says: words.fault.says };
  const program = words.value[0];
  const path = config.environment.PATH ?? os.environment().PATH ?? DEFAULT_PATH;
  const found = program.includes('/') ? look(program, os) : searchPath(program, path, os);
  const says = OBSTACLES[found.kind]?.(quoted(found.file));
  if (says === undefined) return { kind: 'found', file: found.file, argv: words.value };
  return { kind: found.kind === 'missing' ? 'no-file' : 'not-executable', says };
}

interface Looked {
  readonly file: string;
  readonly kind: FileKind;
}

const OBSTACLES: Partial<Record<FileKind, (file: string) => string>> = {
  missing: (file) => `can't find command ${file}`,
  directory: (file) => `command at ${file} is a directory`,
  'not-executable': (file) => `command at ${file} is not executable`,
  'not-permitted': (file) => `no permission to run command ${file}`,
};

function look(file: string, os: Os): Looked {
  return { file, kind: os.fileKind(file) };
}

/** The first entry that exists decides, also when it cannot be run. */
function searchPath(program: string, path: string, os: Os): Looked {
  for (const folder of path.split(':')) {
    const looked = look(
      folder === '' || folder.endsWith('/') ? folder + program : `${folder}/${program}`,
      os,
    );
    if (looked.kind !== 'missing') return looked;
  }
  return { file: program, kind: 'missing' };
}
