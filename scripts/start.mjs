// `npm start`: a hub with a small real fleet. Ctrl-C ends all of it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { takeLock } from './lock.mjs';
import { giveUp, prepare, root } from './prepare.mjs';

const AGENTS = ['web-01', 'web-02', 'work-01'];
const STOCK = 'stock-01';
const SUPERVISORD = '/usr/bin/supervisord';
const HELP = `npm start -- [--port N] [--data DIR]

  --port N    port of the hub on 127.0.0.1 (FLEETVISOR_PORT; 7373)
  --data DIR  folder for the database, keys and the demo fleet's logs (FLEETVISOR_DATA; ./data)
`;

const say = (text = '') => process.stdout.write(`${text}\n`);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    return values;
  } catch (error) {
    return giveUp(`${error.message}\n\n${HELP}`);
  }
}

const options = readOptions();
if (options.help) {
  say(HELP);
  process.exit(0);
}
const port = Number(options.port ?? process.env.FLEETVISOR_PORT ?? 7373);
if (!Number.isInteger(port) || port < 1 || port > 65535)
  giveUp(`--port: ${options.port} is not a port (1 to 65535)`);
const data = resolve(root, options.data ?? process.env.FLEETVISOR_DATA ?? 'data');
const demo = join(data, 'demo');
// Unix sockets need short paths, wherever the clone lies.
const run = join(tmpdir(), `fleetvisor-${createHash('sha256').update(data).digest('hex').slice(0, 10)}`);
const hubUrl = `http://127.0.0.1:${port}`;
const hubBin = join(root, 'dist/fleetvisor.js');
const cliFile = join(data, 'cli.json');
const lockFile = join(data, 'start.pid');

function makeFolders() {
  try {
    for (const folder of [data, demo, run, ...[...AGENTS, STOCK].map((host) => join(demo, host))]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    accessSync(data, constants.W_OK);
    writeFileSync(join(data, '.writable'), '');
    rmSync(join(data, '.writable'));
  } catch (error) {
    giveUp(`cannot write to the data folder ${data} (${error.code}): choose another with --data DIR`);
  }
}

function takeFleet() {
  const other = takeLock(lockFile);
  if (other !== null)
    giveUp(`This fleet is already running (pid ${other}): stop it first, or use --data DIR`);
}

const children = new Map();
let stopping = false;

/** Starts one program of the fleet in a session of its own, so that Ctrl-C reaches it only through us. */
function launch(name, file, args, { env = {}, stdio }) {
  const child = spawn(file, args, { cwd: root, detached: true, stdio, env: { ...process.env, ...env } });
  children.set(name, child);
  child.on('error', (error) => say(`${name}: cannot start: ${error.message}`));
  child.on('exit', (code, signal) => {
    children.delete(name);
    if (stopping) return;
    if (name === 'hub') stop(code === 0 ? 1 : (code ?? 1));
    else say(`${name} ended (${signal ?? `exit ${code}`}): see ${join(demo, name, 'out.log')}`);
  });
  return child;
}

/** Ends everything: first politely, after 20 s not. */
async function stop(status) {
  if (stopping) return;
  stopping = true;
  if (children.size > 0) say('Stopping the fleet …');
  for (const child of children.values()) child.kill('SIGTERM');
  const hard = setTimeout(() => {
    for (const [name, child] of children) {
      say(`${name} does not stop: killing it`);
      child.kill('SIGKILL');
    }
  }, 20_000);
  await Promise.all([...children.values()].map((child) => new Promise((done) => child.once('exit', done))));
  clearTimeout(hard);
  rmSync(lockFile, { force: true });
  rmSync(run, { recursive: true, force: true });
  process.exit(status);
}

/** Runs a hub command on the data folder; answers what it printed as JSON. */
function hubCommand(...args) {
  return new Promise((done) => {
    let out = '';
    const child = spawn(process.execPath, [hubBin, 'hub', ...args, '--json', '--data', data], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.on('close', (code) => (code === 0 ? done(JSON.parse(out)) : stop(1)));
  });
}

async function until(what, look, withinMs) {
  const deadline = performance.now() + withinMs;
  while (!stopping) {
    const seen = await look().catch(() => undefined);
    if (seen) return seen;
    if (performance.now() > deadline) return giveUpRunning(what);
    await new Promise((done) => setTimeout(done, 100));
  }
  return new Promise(() => {}); // stop() ends the program
}

async function giveUpRunning(what) {
  say(`Gave up waiting for ${what}.`);
  await stop(1);
}

async function api(method, path, body) {
  const { token } = JSON.parse(readFileSync(cliFile, 'utf8'));
  const response = await fetch(`${hubUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** The token of the printed commands: kept 0600 in the data folder, made anew when the hub no longer takes it. */
async function makeCliToken() {
  const works = existsSync(cliFile) && (await api('GET', '/session').catch(() => null));
  if (works) return;
  const { token } = await hubCommand('api-token', '--user', 'admin', '--label', 'npm start');
  writeFileSync(cliFile, JSON.stringify({ hub: hubUrl, token }), { mode: 0o600 });
}

function launchSupervisor(name, file, args, env) {
  const log = openSync(join(demo, name, 'out.log'), 'w');
  launch(name, file, [...args, '-n', '-c', join(root, 'demo', name, 'supervisord.conf')], {
    env: { FLEETVISOR_DEMO: demo, FLEETVISOR_RUN: run, FLEETVISOR_HUB: hubUrl, ...env },
    stdio: ['ignore', log, log],
  });
}

async function launchFleet() {
  const newcomers = AGENTS.filter((name) => !existsSync(join(demo, name, 'identity.json')));
  if (newcomers.length > 0) {
    const { token } = await hubCommand('join-token', '--uses', `${newcomers.length}`, '--env', 'demo');
    writeFileSync(join(demo, 'join-token'), token, { mode: 0o600 });
  }
  for (const name of AGENTS)
    launchSupervisor(name, process.execPath, [join(root, 'agent/dist/fleetvisord.js')]);
  if (!existsSync(SUPERVISORD)) {
    say('No stock supervisord here: a fourth host appears after  apt-get install supervisor');
    return AGENTS.length;
  }
  launchSupervisor(STOCK, SUPERVISORD, []);
  const hosts = await api('GET', '/hosts');
  if (!hosts.some((host) => host.name === STOCK)) {
    await api('POST', '/hosts', {
      name: STOCK,
      url: `unix://${join(run, `${STOCK}.sock`)}`,
      environment: 'demo',
    });
  }
  return AGENTS.length + 1;
}

/** Hosts of the demo that answer and have told their processes. */
async function answering() {
  const { hosts } = await api('GET', '/fleet');
  return hosts.filter((host) => host.reachability.kind === 'reachable' && host.processCount > 0).length;
}

function printWelcome(firstLogin, hosts) {
  say();
  say(`Fleetvisor is at ${hubUrl}`);
  if (firstLogin) {
    say(`Sign in as ${firstLogin.user} with the password ${firstLogin.password}`);
    say('(shown this once; only its hash is kept)');
  } else {
    say('Sign in as admin with the password shown at the first start.');
    say(`Lost it?  npx fleetvisor hub reset-password admin --data ${data}`);
  }
  const token = data === join(root, 'data') ? '' : `FLEETVISOR_PROFILE=${cliFile} `;
  say();
  say(`${hosts} hosts answer. Three commands to try in another terminal, in this folder:`);
  say(`  ${token}npx fleetvisor status`);
  say(`  ${token}npx fleetvisor stop group web`);
  say(`  ${token}npx fleetvisor tail -f web-01/chatter`);
  say();
  say('Ctrl-C ends everything.');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));

await prepare();
makeFolders();
takeFleet();
const hub = launch(
  'hub',
  process.execPath,
  [hubBin, 'hub', 'run', '--port', `${port}`, '--data', data, '--socket-folders', run, '--log-level', 'warn'],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let printed = '';
hub.stdout.on('data', (text) => {
  printed += text;
});
// It answers before its first user is made, and says where it is after.
await until('the hub', async () => printed.includes(' is at http'), 30_000);
await makeCliToken();
const expected = await launchFleet();
process.stdout.write('Starting the fleet … ');
const hosts = await until('the fleet', async () => ((await answering()) >= expected ? expected : 0), 60_000);
say('done');
printWelcome(firstLoginIn(printed), hosts);

/** The login the hub makes at its very first start, as it prints it. */
function firstLoginIn(text) {
  const [, user, password] = /^First sign-in: user (\S+), password (\S+)$/m.exec(text) ?? [];
  return user === undefined ? undefined : { user, password };
}
