// `npm test`: every check and every test, and a last line that counts them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumForTest } from '@turno/devstack';
import { withParent } from './with-parent.ts';

interface Count {
  passed: number;
  failed: number;
}

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };

const tiers = ['--selectProjects', 'unit', 'int', 'e2e'];

const checks = {
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  types: ['tsc', '--noEmit'],
  'types of the inbox page': ['tsc', '--project', 'services/notifications/tsconfig.page.json'],
  'types of the console page': ['tsc', '--project', 'services/gateway/tsconfig.page.json'],
  // What images run; declarations are asked more of than sources.
  build: ['tsc', '--build', 'tsconfig.build.json'],
};

function run(command: string, args: readonly string[]): boolean {
  const [first, ...rest] = [...withParent, command, ...args];
  return spawnSync(first!, rest, { cwd: root, env, stdio: 'inherit' }).status === 0;
}

function runChecks(): Count {
  const count = { passed: 0, failed: 0 };
  for (const [name, [command, ...args]] of Object.entries(checks)) {
    const passed = run(command!, args);
    console.log(`${passed ? 'PASS' : 'FAIL'} ${name}`);
    count[passed ? 'passed' : 'failed']++;
  }
  return count;
}

/** Runs all tiers in one go. A spec file that cannot even be loaded counts as one failure. */
function runJest(args: readonly string[]): Count {
  const folder = mkdtempSync(join(tmpdir(), 'turno-test-'));
  const outputFile = join(folder, 'results.json');
  try {
    const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...tiers];
    const passed = run('node', [...jest, '--json', `--outputFile=${outputFile}`, ...args]);
    const results = JSON.parse(readFileSync(outputFile, 'utf8')) as Record<string, number>;
    const failed = (results['numFailedTests'] ?? 0) + (results['numRuntimeErrorTestSuites'] ?? 0);
    return { passed: results['numPassedTests'] ?? 0, failed: passed ? failed : Math.max(1, failed) };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const checked = runChecks();
// On a fresh machine half a minute of both cores, which specs that hold callers to their deadlines need. Where there is none to
// be had, the spec that wants it says why.
await chromiumForTest().catch(() => undefined);
const counts = [checked, runJest(process.argv.slice(2))];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
