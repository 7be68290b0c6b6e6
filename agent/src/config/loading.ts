import type { Names } from './expansion.ts';
import type { Findings } from './findings.ts';
import type { IniDocument } from './ini-document.ts';
import type { PathContext } from './paths.ts';

/** What every part of one loading works with. */
export interface Loading {
  readonly document: IniDocument;
  readonly findings: Findings;
  readonly paths: PathContext;
  /** `ENV_x`; grows by `[supervisord] environment`. */
  readonly environmentNames: Names;
  /** Folder of the main file. */
  readonly here: string;
  /** The main file as named, for messages. */
  readonly mainFile: string;
  /** The machine's name (uname -n). */
  readonly nodeName: string;
}
