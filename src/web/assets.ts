import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Install, type Render, rendererOf, type TemplateRuntime } from './templates.ts';

/** What the build left for the console. */
export interface Assets {
  /** Entry name (`console.css`) → hashed file name. */
  readonly names: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly sprite: string;
  readonly render: Render;
}

/** Reads the built assets once. Throws when the console was not built: that is a broken installation. */
export function loadAssets(folder: string = builtFolder(import.meta.dirname)): Assets {
  const require = createRequire(import.meta.url);
  const runtime: TemplateRuntime = require('handlebars/runtime').create();
  const { install }: { install: Install } = require(join(folder, 'templates.cjs'));
  const files: Record<string, string> = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  return {
    names: files,
    folder: join(folder, 'static'),
    sprite: readFileSync(join(folder, 'sprite.svg'), 'utf8'),
    render: rendererOf(runtime, install),
  };
}

/** `dist/web` in a folder above: the same from the sources and from the bundle. */
function builtFolder(from: string): string {
  const candidate = join(from, 'dist/web');
  if (existsSync(join(candidate, 'manifest.json'))) return candidate;
  const above = dirname(from);
  if (above === from) throw new Error('the console is not built: run "npm run build"');
  return builtFolder(above);
}
