import type { Plugin } from 'esbuild';

/** Builds the console's files, templates and manifest into a folder; `dist/web` when none is named. */
export function buildWeb(outdir?: string, plugins?: readonly Plugin[]): Promise<void>;
