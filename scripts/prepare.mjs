// Makes a fresh clone runnable: checks Node, installs what the lock file names, builds. Needs nothing but Node and npm.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from './lock.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

/** Ends the program with one line that says what is wrong and how to mend it. */
export function giveUp(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** Refuses a Node older than package.json asks for. */
export function checkNode() {
  const wanted = JSON.parse(readFileSync(at('package.json'), 'utf8')).engines.node.replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  giveUp(
    `Fleetvisor needs Node ${wanted} or newer, this is ${process.versions.node}: see https://nodejs.org/`,
  );
}

/** Runs a command with its output shown; resolves with its exit status. */
export function show(file, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(file, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', (error) => giveUp(`cannot run ${file}: ${error.message}`));
    child.on('close', (code) => done(code ?? 1));
  });
}

function installed() {
  const mark = at('node_modules/.package-lock.json');
  return existsSync(mark) && statSync(mark).mtimeMs >= statSync(at('package-lock.json')).mtimeMs;
}

/** Two at once would remove each other's packages. */
async function install() {
  const lock = at('.installing');
  const other = takeLock(lock);
  if (other !== null)
    giveUp(
      `Another command installs the packages of this clone (pid ${other}): run this again when it is done.`,
    );
  process.on('exit', () => rmSync(lock, { force: true }));
  process.stdout.write('Installing packages (once; up to two minutes where SQLite has to be compiled) …\n');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--foreground-scripts=false'];
  const status = await show('npm', ['ci', ...quiet]);
  if (status !== 0) giveUp('npm ci failed: its message is above. Mend it and run the command again.');
  rmSync(lock);
}

/** Installs the packages when they are missing or older than the lock file, then builds. */
export async function prepare() {
  checkNode();
  if (!installed()) await install();
  const startedMs = performance.now();
  process.stdout.write('Building … ');
  if ((await show(process.execPath, [at('scripts/build.mjs')])) !== 0) giveUp('The build failed: see above.');
  process.stdout.write(`done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`);
}
