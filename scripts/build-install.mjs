// Makes what the hub hands to hosts: the agent bundle, the install script that knows its checksum, the push listener.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const KOFFI = /^(package\.json|LICENSE\.txt|index\.c?js|src\/koffi\/.*\.c?js)$/;
const RUN_BY_THE_HOST = /(^dist\/[^/]+\.js|\.node)$/;

/**
 * Writes `agent-<version>-<sha>.tar.gz`, `install.sh`, `fleetvisor-listener.py` and `agent.json` into `folder`.
 * The same sources give the same bytes. Takes the agent as it lies built in agent/dist.
 */
export async function buildInstall(folder = at('dist/install')) {
  const { version } = JSON.parse(await readFile(at('agent/package.json'), 'utf8'));
  const platforms = await koffiPlatforms();
  const archive = gzipSync(await packed(await entries(platforms)), { level: 9 });
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const agent = { version, sha256, file: `agent-${version}-${sha256.slice(0, 12)}.tar.gz`, platforms };
  await mkdir(folder, { recursive: true });
  await put(folder, agent.file, archive);
  await put(folder, 'install.sh', await installScript(agent));
  await put(folder, 'fleetvisor-listener.py', await readFile(at('src/install/fleetvisor-listener.py')));
  await put(folder, 'agent.json', `${JSON.stringify(agent)}\n`);
  for (const name of await readdir(folder))
    if (name.startsWith('agent-') && name !== agent.file) await rm(join(folder, name), { force: true });
  return agent;
}

/** The parts of src/install/sh in their order, with everything filled in but the hub's address. */
async function installScript({ version, sha256, file, platforms }) {
  const parts = (await readdir(at('src/install/sh'))).filter((name) => name.endsWith('.sh')).sort();
  const texts = await Promise.all(parts.map((name) => readFile(at('src/install/sh', name), 'utf8')));
  const words = { VERSION: version, SHA256: sha256, BUNDLE: file, PLATFORMS: platforms.join(' ') };
  return texts.join('\n').replace(/@(VERSION|SHA256|BUNDLE|PLATFORMS)@/g, (_, word) => words[word]);
}

/** `linux-x64`, …: those whose native part of koffi is installed here. */
async function koffiPlatforms() {
  const names = await readdir(at('node_modules/@koromix'));
  return names
    .filter((name) => name.startsWith('koffi-linux-'))
    .map((name) => name.slice('koffi-'.length))
    .sort();
}

/** Path in the bundle and content, sorted by path. */
async function entries(platforms) {
  const files = new Map([
    ['package.json', await agentManifest()],
    ['LICENSE', await readFile(at('LICENSE'))],
  ]);
  const take = async (from, to, keep) => {
    for (const name of await filesIn(at(from)))
      if (keep(name)) files.set(`${to}/${name}`, await readFile(at(from, name)));
  };
  await take('agent/dist', 'dist', (name) => name.endsWith('.js'));
  await take('node_modules/koffi', 'node_modules/koffi', (name) => KOFFI.test(name));
  for (const platform of platforms) {
    const name = `node_modules/@koromix/koffi-${platform}`;
    await take(name, name, () => true);
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function filesIn(folder) {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

async function agentManifest() {
  const { name, version, license, type, engines } = JSON.parse(
    await readFile(at('agent/package.json'), 'utf8'),
  );
  return Buffer.from(`${JSON.stringify({ name, version, license, type, engines }, null, 2)}\n`);
}

async function packed(files) {
  const pack = tar.pack();
  const parts = [];
  pack.on('data', (part) => parts.push(part));
  const ended = new Promise((done, fail) => pack.on('end', done).on('error', fail));
  const owner = { uid: 0, gid: 0, mtime: new Date(0) };
  for (const [name, content] of files)
    pack.entry({ name, mode: RUN_BY_THE_HOST.test(name) ? 0o755 : 0o644, ...owner }, content);
  pack.finalize();
  await ended;
  return Buffer.concat(parts);
}

/** All of the file or nothing, also for a hub that reads it meanwhile. */
async function put(folder, name, content) {
  const temporary = join(folder, `.${name}.${process.pid}`);
  await writeFile(temporary, content);
  await rename(temporary, join(folder, name));
}
