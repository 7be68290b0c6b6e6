import { readFileSync, statSync } from 'node:fs';
import { CliFailure } from './failure.ts';

/** A file with a secret in it. Refuses one that others than its owner may read. */
export function readPrivate(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() && (stat.mode & 0o077) !== 0) {
    throw new CliFailure(
      'notSignedIn',
      `${path} can be read by others than its owner`,
      `Run: chmod 600 ${path}`,
    );
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliFailure(
      'notSignedIn',
      `${path} cannot be read: ${codeOf(error)}`,
      'Look at its name and owner.',
    );
  }
}

/** Throws CliFailure for text that is not JSON. */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliFailure(
      'notSignedIn',
      `${path} is not JSON`,
      'Remove it, then sign in with: fleetvisor login URL',
    );
  }
}

/** The members of an object; none for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
