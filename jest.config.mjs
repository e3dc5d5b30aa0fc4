// One project per tier, told apart by file name. All but `unit` share one RabbitMQ and one database per run.
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }] },
  modulePathIgnorePatterns: ['/dist/'],
};

const onServers = { globalSetup: './scripts/jest-servers-up.ts', globalTeardown: './scripts/jest-servers-down.ts' };

export default {
  testTimeout: 30_000,
  // One more than CI has cores: specs of faults mostly wait.
  maxWorkers: 3,
  testSequencer: './scripts/jest-sequencer.ts',
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/**/*.unit.spec.ts'] },
    { ...base, ...onServers, displayName: 'int', testMatch: ['<rootDir>/**/*.int.spec.ts'] },
    { ...base, ...onServers, displayName: 'e2e', testMatch: ['<rootDir>/e2e/**/*.e2e.spec.ts'] },
    // Makes the pictures of docs/, on demand.
    { ...base, ...onServers, displayName: 'screenshots', testMatch: ['<rootDir>/e2e/**/*.screenshot.spec.ts'] },
  ],
};
