// `npm run fuzz -- [seconds] [seed]`: bundles the fuzzer of every reader and runs it; findings are kept as files.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { prepare, root, show } from './prepare.mjs';

await prepare();
const folder = mkdtempSync(join(root, 'node_modules/.fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'main.mjs');
await build({
  entryPoints: [join(root, 'tests/support/fuzz/main.ts')],
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
  define: { 'import.meta.dirname': JSON.stringify(join(root, 'tests/support/fuzz')) },
});
process.exitCode = await show(process.execPath, [outfile, ...process.argv.slice(2)]);
