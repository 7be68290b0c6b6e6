// `npm run test:faults`: the fault rows that need root, injected into real daemons. Rows this machine cannot inject are listed; only failures fail.
import { giveUp, prepare, root, show } from './prepare.mjs';

if (process.getuid?.() !== 0) giveUp('These faults need root: run  sudo npm run test:faults');
process.chdir(root);
await prepare();
process.exitCode = await show(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'faults',
    '--reporter=verbose',
    ...process.argv.slice(2),
  ],
  { env: { ...process.env, FAULTS: '1' } },
);
