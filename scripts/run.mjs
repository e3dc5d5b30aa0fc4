// Runs a script on the project's own Node.js, after installing whatever is missing. This file itself runs on whatever
// Node.js the machine has (20 or newer) and needs neither pnpm nor node_modules: `npm start` in a fresh clone comes here.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const node = join(root, 'node_modules/.bin/node');
const stamp = join(root, 'node_modules/.installed');

function lockfileDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
}

function installDependencies() {
  const digest = lockfileDigest();
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  console.log(`Installing the dependencies with ${packageManager} …`);
  const { status } = spawnSync(
    'npx',
    ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=error'],
    { cwd: root, stdio: 'inherit' },
  );
  if (status !== 0) {
    console.error('The dependencies could not be installed; the lines above say why.');
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, digest);
}

/** Hands over to the script, passes signals on, stops it when npm is gone without a word, and ends as it ends. */
function runScript([script, ...args]) {
  const child = spawn(node, ['--no-warnings', join(root, script), ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}

installDependencies();
runScript(process.argv.slice(2));
