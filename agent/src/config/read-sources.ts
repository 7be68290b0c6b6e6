import { posix } from 'node:path';
import { decodeUtf8 } from './decode-utf8.ts';
import { expand, type Names } from './expansion.ts';
import type { ConfigFiles } from './files.ts';
import type { Findings } from './findings.ts';
import { glob } from './glob.ts';
import { IniDocument } from './ini-document.ts';
import { readIni } from './ini-reader.ts';
import { type PathContext, parentOf } from './paths.ts';
import { splitOnSpace } from './python-text.ts';
import type { ValueFault } from './reading.ts';

/** A configuration file larger than this is refused: no hand writes one, and it would stay in memory. */
export const LARGEST_CONFIG_BYTES = 16 * 1024 * 1024;

const TOO_LARGE_HINT = `a configuration file may have ${LARGEST_CONFIG_BYTES / 1024 / 1024} MiB`;

/**
 * Reads the main file and what it includes into one document.
 * Contract: CFG-005, CFG-050, CFG-089 to CFG-100.
 */
export function readSources(
  path: string,
  context: PathContext,
  names: Names,
  findings: Findings,
): IniDocument {
  const document = new IniDocument();
  if (readFile(document, path, context, findings) && document.sections.has('include')) {
    readIncludes(document, posix.resolve(context.cwd, parentOf(path)), context, names, findings);
  }
  return document;
}

/** Reads one named file into the document; false, with the problem, when it cannot be opened. Contract: CFG-005. */
export function readFile(
  document: IniDocument,
  path: string,
  { cwd, files }: PathContext,
  findings: Findings,
): boolean {
  const absolute = posix.resolve(cwd, path);
  if (!files.exists(absolute)) {
    const hint = 'name an existing file with -c';
    findings.add({ where: path, says: `could not find config file ${path}`, hint });
    return false;
  }
  if (readInto(document, path, absolute, files, findings)) return true;
  const hint = files.isDirectory(absolute) ? 'it is a directory' : 'check who may read it';
  findings.add({ where: path, says: `could not read config file ${path}`, hint });
  return false;
}

function readIncludes(
  document: IniDocument,
  folder: string,
  context: PathContext,
  names: Names,
  findings: Findings,
): void {
  document.writeHere(folder);
  for (const pattern of includePatterns(document, names, findings)) {
    const absolute = pattern.startsWith('/') ? pattern : posix.join(folder, '/') + pattern;
    const found = glob(absolute, context.files);
    if (found.length === 0) findings.note('warn', `No file matches via include "${absolute}"`);
    for (const file of found) {
      if (context.files.isPipe(file)) {
        findings.note('warn', `Included file "${file}" is a pipe, it is passed over`);
        continue;
      }
      findings.note('info', `Included extra file "${file}" during parsing`);
      readInto(document, file, file, context.files, findings);
      document.writeHere(posix.resolve(context.cwd, parentOf(file)));
    }
  }
}

function includePatterns(document: IniDocument, names: Names, findings: Findings): string[] {
  const option = document.option('include', 'files');
  const origin = option?.origin ?? document.sections.get('include')?.origin ?? { file: '', line: 0 };
  if (option === undefined) {
    const says = '.ini file has [include] section, but no files setting';
    findings.complain(origin, { says, hint: 'add files= with paths or patterns, or remove the section' });
    return [];
  }
  const expanded = expand(option.value, names, 'include.files');
  if (expanded.ok) return splitOnSpace(expanded.value);
  findings.complain(origin, expanded.fault);
  return [];
}

/** False when the file cannot be opened: for an included one supervisord passes over that in silence. */
function readInto(
  document: IniDocument,
  shown: string,
  path: string,
  files: ConfigFiles,
  findings: Findings,
): boolean {
  const read = files.read(path, LARGEST_CONFIG_BYTES);
  if (read.kind === 'unreadable') return false;
  const text = read.kind === 'too-large' ? tooLarge(shown) : decodeUtf8(read.bytes);
  if (!text.ok) findings.complain({ file: shown, line: 1 }, text.fault);
  else for (const problem of readIni(text.value, shown, document)) findings.add(problem);
  return true;
}

function tooLarge(shown: string): { readonly ok: false; readonly fault: ValueFault } {
  return { ok: false, fault: { says: `config file ${shown} is too large`, hint: TOO_LARGE_HINT } };
}
