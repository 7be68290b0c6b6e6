// Installs what is missing, builds, checks types and style, and runs every test. Anything that cannot run is a failure.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveUp, prepare, root, show } from './prepare.mjs';

const NEEDED = [
  { program: '/usr/bin/supervisord', package: 'supervisor' },
  { program: '/usr/bin/chromium', package: 'chromium' },
  { program: '/usr/bin/curl', package: 'curl' },
  { program: '/usr/sbin/slapd', package: 'slapd' },
  { program: '/usr/bin/shellcheck', package: 'shellcheck' },
];

/** Debian packages the tests compare with or drive: installed when possible, else named. */
async function installDebianPackages() {
  const missing = NEEDED.filter(({ program }) => !existsSync(program)).map((need) => need.package);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    giveUp(`The tests need these Debian packages: run  sudo apt-get install -y ${missing.join(' ')}`);
  }
  process.stdout.write(`Installing Debian packages: ${missing.join(', ')} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  await show('apt-get', ['-qq', 'update'], quiet);
  const status = await show(
    'apt-get',
    ['-qq', 'install', '-y', '--no-install-recommends', ...missing],
    quiet,
  );
  if (status !== 0) giveUp(`apt-get could not install ${missing.join(' ')}: see above.`);
}

/** Runs vitest; answers its exit status and the counts it wrote down. */
async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'fleetvisor-tests-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const status = await show(process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...reporters,
    ...args,
  ]);
  const { numPassedTests: passed = 0, numTotalTests: total = 0 } = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : {};
  rmSync(folder, { recursive: true });
  return { status, passed, failed: total - passed };
}

process.chdir(root);
await prepare();
await installDebianPackages();
const checks = [
  ['types', [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']],
  ['types of the browser', [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'src/web/static']],
  ['style', [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '--diagnostic-level=error', '.']],
];
for (const [what, args] of checks) {
  if ((await show(process.execPath, args)) !== 0) giveUp(`The ${what} check failed: see above.`);
}
const { status, passed, failed } = await runTests(process.argv.slice(2));
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = status === 0 && failed === 0 && passed > 0 ? 0 : 1;
