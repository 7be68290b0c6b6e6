// `npm run bench:agent`, `npm run bench:hub`: bundles bench/NAME/main.ts and runs it with the arguments given.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { prepare, root, show } from './prepare.mjs';

const [name, ...args] = process.argv.slice(2);
await prepare();
const folder = mkdtempSync(join(root, 'node_modules/.bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'main.mjs');
await build({
  entryPoints: [join(root, 'bench', name, 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  alias: {
    '@fleetvisor/agent/protocol': join(root, 'agent/src/protocol/index.ts'),
    '@fleetvisor/agent/xmlrpc': join(root, 'agent/src/xmlrpc/index.ts'),
  },
  define: { 'import.meta.dirname': JSON.stringify(join(root, 'bench', name)) },
});
process.exitCode = await show(process.execPath, [outfile, ...args], {
  env: { ...process.env, TMPDIR: tmpdir() },
});
