// Builds what the browser gets, and the precompiled templates both ends render with, into one folder with a manifest.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import { build, transform } from 'esbuild';
import Handlebars from 'handlebars';
import { keptFromMs, removeFormer } from './former-files.mjs';
import { glyphSymbols, iconNames } from './sprite.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

/** `{ 'pages/overview': 'precompiled source' }` of every template under views/. */
async function precompiled() {
  const files = (await readdir(at('views'), { recursive: true }))
    .filter((file) => file.endsWith('.hbs'))
    .sort();
  const specs = await Promise.all(
    files.map(async (file) => {
      const source = (await readFile(at('views', file), 'utf8')).replace(/\n\s*/g, '\n');
      const spec = Handlebars.precompile(source, {
        srcName: undefined,
        strict: false,
        knownHelpersOnly: false,
      });
      return `${JSON.stringify(file.replace(/\.hbs$/, ''))}: H.template(${spec})`;
    }),
  );
  return `function install(H) { return {\n${specs.join(',\n')}\n}; }`;
}

/** Our 12 px state glyphs and the Tabler icons in use, as one hidden SVG. */
async function sprite() {
  const icons = await Promise.all(
    iconNames.map(async (name) => {
      const svg = await readFile(at('node_modules/@tabler/icons/icons/outline', `${name}.svg`), 'utf8');
      const shapes = svg
        .slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'))
        .replace(/<path stroke="none"[^>]*\/>/, '');
      return `<symbol id="i-${name}" viewBox="0 0 24 24">${shapes.replace(/\n\s*/g, '')}</symbol>`;
    }),
  );
  return `<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">${glyphSymbols}${icons.join('')}</svg>`;
}

const templatesPlugin = (source) => ({
  name: 'templates',
  setup(builder) {
    builder.onResolve({ filter: /^fleetvisor:templates$/ }, () => ({
      path: 'templates',
      namespace: 'fleetvisor',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'fleetvisor' }, () => ({
      contents: `${source}\nexport { install };`,
      loader: 'js',
    }));
  },
});

/** Entry or font name → hashed file, from esbuild's metafile. */
function namesOf(metafile, outdir) {
  const sourceOf = (output) =>
    output.entryPoint ?? Object.keys(output.inputs).find((input) => input.endsWith('.woff2'));
  return Object.fromEntries(
    Object.entries(metafile.outputs)
      .filter(([, output]) => sourceOf(output))
      .map(([file, output]) => [basename(sourceOf(output)), relative(outdir, at(file))]),
  );
}

async function copyHashed(files, outdir) {
  const names = {};
  for (const file of files) {
    const bytes = await readFile(at(file));
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
    const name = basename(file).replace(/(\.\w+)$/, `-${hash}$1`);
    await writeFile(join(outdir, name), bytes);
    names[basename(file)] = name;
  }
  return names;
}

/** Small, and ASCII throughout: one character beyond Latin-1 and V8 keeps the whole source at twice its size. */
async function forNode(source) {
  const { code } = await transform(source, { minify: true, charset: 'ascii', target: 'node20' });
  return code;
}

/** Text files once more, compressed as far as it goes: the hub sends them as they are. */
async function compress(folder, files) {
  const texts = files.filter((file) => /\.(js|css|svg)$/.test(file));
  await Promise.all(
    texts.map(async (file) => {
      const bytes = await readFile(join(folder, file));
      const brotli = {
        params: { [zlib.BROTLI_PARAM_QUALITY]: 11, [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      };
      await writeFile(join(folder, `${file}.br`), await promisify(brotliCompress)(bytes, brotli));
      await writeFile(join(folder, `${file}.gz`), await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
}

/** `plugins`: more for esbuild, as a test wants them. */
export async function buildWeb(outdir = at('dist/web'), plugins = []) {
  const files = join(outdir, 'static');
  const manifest = join(outdir, 'manifest.json');
  const fromMs = await keptFromMs(manifest);
  await mkdir(files, { recursive: true });
  const source = await precompiled();
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    minify: true,
    sourcemap: 'linked',
    metafile: true,
    platform: 'browser',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    format: 'esm',
    conditions: ['source'],
    entryPoints: [
      'src/web/static/console.ts',
      'src/web/static/sign-in.ts',
      'src/web/static/reference.ts',
      'src/web/static/css/console.css',
    ],
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    outdir: files,
    loader: { '.woff2': 'file' },
    plugins: [templatesPlugin(source), ...plugins],
    logLevel: 'warning',
  });
  const names = {
    ...namesOf(metafile, files),
    ...(await copyHashed(['src/web/static/favicon.svg', 'src/web/static/favicon-trouble.svg'], files)),
  };
  const made = [...Object.keys(metafile.outputs).map((file) => basename(file)), ...Object.values(names)];
  await compress(files, made);
  await removeFormer(files, new Set(made.flatMap((file) => [file, `${file}.br`, `${file}.gz`])), fromMs);
  await writeFile(join(outdir, 'templates.cjs'), await forNode(`${source}\nmodule.exports = { install };\n`));
  await writeFile(join(outdir, 'sprite.svg'), await sprite());
  await writeFile(manifest, `${JSON.stringify(names, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWeb(process.argv[2]);
