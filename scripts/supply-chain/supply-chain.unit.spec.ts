import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { isAllowed } from './allowed-licences.ts';
import { readLockfile, runtimePackages } from './lockfile.ts';
import { root } from './pnpm.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const lockfile = readLockfile(root);
const workspace = parse(read('pnpm-workspace.yaml')) as {
  readonly catalog: Readonly<Record<string, string>>;
  readonly catalogs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly patchedDependencies: Readonly<Record<string, string>>;
} & Readonly<Record<string, unknown>>;
const exact = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

describe('versions', () => {
  test('when the catalog names one, then it is one version and no range', () => {
    const versions = [workspace.catalog, ...Object.values(workspace.catalogs)].flatMap((some) => Object.entries(some));

    expect(versions.filter(([, version]) => !exact.test(version))).toEqual([]);
  });

  test('when a package depends on another, then the version is that of the catalog or the package is of this workspace', () => {
    const manifests = ['package.json', ...globSync('{packages,services}/*/package.json', { cwd: root })];
    const dependencies = [...manifests, 'e2e/package.json', 'bench/package.json'].flatMap((path) => {
      const manifest = JSON.parse(read(path)) as Record<string, Record<string, string> | undefined>;
      return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
        Object.entries(manifest[kind] ?? {}).map(([name, version]) => `${path} ${name} ${version}`),
      );
    });

    expect(dependencies.length).toBeGreaterThan(80);
    expect(dependencies.filter((line) => !/ (?:catalog:\w*|workspace:\*)$/.test(line))).toEqual([]);
  });

  test('when pnpm, an image or an action of the CI is named, then so is its version', () => {
    const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
    const files = ['Dockerfile', 'docker-compose.yml', ...globSync('deploy/kubernetes/*.yaml', { cwd: root })];
    const images = files.map(read).flatMap((text) => [...text.matchAll(/(?:image: |NODE_IMAGE=)(\S+\/?\S+)$/gm)]);
    const ofOthers = images.map(([, image]) => image!).filter((image) => !/^(?:\$\{TURNO_IMAGES|turno\/)/.test(image));
    const actions = [...read('.github/workflows/ci.yml').matchAll(/uses: (\S+)/g)].map(([, action]) => action!);

    expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+$/);
    expect(ofOthers.length).toBeGreaterThan(5);
    expect(ofOthers.filter((image) => !/:v?\d+[\w.-]*$|@sha256:/.test(image))).toEqual([]);
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });
});

describe('the lockfile', () => {
  test('when a package is fetched, then it comes from the registry and its digest is known', () => {
    const packages = Object.entries(lockfile.packages);
    const others = packages.filter(([, { resolution }]) => {
      const { integrity, ...rest } = resolution;
      return !String(integrity).startsWith('sha512-') || Object.keys(rest).length > 0;
    });

    expect(packages.length).toBeGreaterThan(500);
    expect(others).toEqual([]);
    expect(read('pnpm-lock.yaml')).not.toMatch(/https?:\/\/|git\+|tarball:/);
  });

  test('when dependencies are installed, in CI, for an image or by hand, then the lockfile is taken as it is', () => {
    const installs = [
      ...`${read('scripts/run.mjs')}${read('Dockerfile')}`.matchAll(/^.*\binstall\b.*(?:pnpm|--reporter).*$/gm),
    ];

    expect(read('.ci/run')).toMatch(/^exec npm --silent test$/m);
    expect(installs.length).toBeGreaterThanOrEqual(2);
    expect(
      installs.map(([line]) => line).filter((line) => !/--frozen-lockfile|npm install --global/.test(line)),
    ).toEqual([]);
  });

  test('when a package is patched, then it is the one that runs, and the patch is there', () => {
    const [patched, ...more] = Object.entries(workspace.patchedDependencies);

    expect(more).toEqual([]);
    expect(existsSync(join(root, patched![1]))).toBe(true);
    expect([...runtimePackages(lockfile, ['services/ticketing'])]).toContain(patched![0].replace('@', ' '));
    expect(Object.keys(lockfile.patchedDependencies ?? {})).toEqual([patched![0]]);
  });
});

test('when something new is installed, then it has been public for a day, comes from the registry with the proofs that it had, and runs no script', () => {
  const { allowBuilds, ...settings } = workspace as unknown as {
    readonly allowBuilds: Readonly<Record<string, boolean>>;
  };

  expect(settings).toMatchObject({
    minimumReleaseAge: 1440,
    minimumReleaseAgeStrict: true,
    trustPolicy: 'no-downgrade',
    blockExoticSubdeps: true,
    strictDepBuilds: true,
  });
  for (const way of [
    'minimumReleaseAgeExclude',
    'trustPolicyExclude',
    'trustLockfile',
    'dangerouslyAllowAllBuilds',
    'overrides',
  ]) {
    expect(settings).not.toHaveProperty(way);
  }
  expect(Object.keys(allowBuilds).filter((name) => allowBuilds[name])).toEqual(['node']);
});

test('when an image holds a package, then its licence is on the page and allowed', () => {
  const rows = [...read('docs/licences.md').matchAll(/^\| (\S+) +\| (\d\S*) +\| (.+?) +\|$/gm)];
  const folders = ['services/gateway', 'services/ticketing', 'services/notifications', 'packages/cli'];

  expect(rows.map(([, name, version]) => `${name} ${version}`).toSorted()).toEqual(
    [...runtimePackages(lockfile, folders)].toSorted(),
  );
  expect(rows.filter(([, , , licence]) => !isAllowed(licence!, 'images'))).toEqual([]);
});

function nameOf(stage: string): string {
  return / AS (\S+)/.exec(stage)![1]!;
}

describe('the images', () => {
  const stages = read('Dockerfile')
    .split(/^(?=FROM )/m)
    .slice(1);

  test('when a service is packed, then nothing of its base but Node.js comes along: no shell, no package manager', () => {
    const served = ['gateway', 'ticketing', 'notifications', 'service', 'runtime', 'turno'];
    const some = stages.filter((stage) => served.includes(nameOf(stage)));

    expect(some).toHaveLength(served.length);
    expect(some.map((stage) => /^FROM (\S+)/.exec(stage)![1]!).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'runtime',
      'runtime',
      'scratch',
      'service',
      'service',
      'service',
    ]);
    // With a shell to run it, this would be the place where more gets in.
    expect(some.filter((stage) => /^(?:RUN|ADD) /m.test(stage)).map(nameOf)).toEqual([]);
    expect(some.filter((stage) => /^USER (?!1000:1000$)/m.test(stage)).map(nameOf)).toEqual([]);
  });

  test('when the gateway is packed, then it has no driver of a database', () => {
    const packages = [...runtimePackages(lockfile, ['services/gateway'])];

    expect(packages).toContainEqual(expect.stringMatching(/^express /));
    expect(packages.filter((each) => /^(?:mongo|bson|pg)/.test(each))).toEqual([]);
  });

  test('when an image is built, then the engine is sent no secret and no spec', () => {
    const [first, ...rest] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));

    expect(first).toBe('*');
    expect(rest).toEqual(expect.arrayContaining(['**/.env*', '**/*.spec.ts']));
    expect(rest.filter((line) => /^!.*(?:\.git|secret|\.env$)/.test(line))).toEqual([]);
  });

  test('when its health is asked for, then no shell is needed', () => {
    const checks = [...read('Dockerfile').matchAll(/^HEALTHCHECK .*\\\n +CMD (\[.*\])$/gm)];

    expect(checks.map(([, command]) => (JSON.parse(command!) as string[])[0])).toEqual(['node']);
  });
});
