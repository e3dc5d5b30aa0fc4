import { defineConfig } from 'oxlint';

/** Who may import what. A later override replaces an earlier one for the same file, so each names all it forbids. */
function forbid(files: string[], forbidden: Record<string, string[]>) {
  const patterns = Object.entries({
    'Import a package by its name, never a file inside it.': ['@turno/*/*'],
    ...forbidden,
  });
  const value = { patterns: patterns.map(([message, group]) => ({ group, message })) };
  return { files, rules: { 'eslint/no-restricted-imports': ['error', value] as ['error', typeof value] } };
}

const services = ['gateway', 'ticketing', 'notifications'];
const otherServices = (own: string) => services.filter((name) => name !== own).map((name) => `@turno/${name}`);
const noOtherService = 'Services never import each other; what they share is in packages/shared.';
const noBroker = { 'AMQP lives in packages/shared/src/messaging.': ['amqplib'] };
const noDatabase = { 'Mongoose lives in data-access and packages/mongo.': ['mongoose', 'mongodb'] };
const noTestPackages = { 'Only specs and what they share use these.': ['@turno/devstack', '@turno/testing'] };
const technology = ['express', 'amqplib', 'mongoose', 'mongodb', '@turno/mongo', 'opossum', 'node:http'];
const outside = ['**/data-access/*', '**/entry-points/*', '**/http/*'];

/** What a service may not import, and more of it in its sources; a spec beside them is no source. */
function everywhereAndInSources(name: string, forbidden: Record<string, string[]>) {
  return [
    forbid([`services/${name}/**`], forbidden),
    forbid([`services/${name}/src/**`], { ...forbidden, ...noTestPackages }),
    forbid([`services/${name}/src/**/*.spec.ts`], forbidden),
  ];
}

const boundaries = [
  forbid(['packages/shared/**'], {
    'shared imports no service and no other package.': ['@turno/*'],
    ...noDatabase,
  }),
  // Specs on real servers ask devstack for a vhost of their own.
  forbid(['packages/shared/test/**'], {
    'shared imports no service and no other package.': ['@turno/*', '!@turno/devstack', '!@turno/testing'],
    ...noDatabase,
  }),
  forbid(['packages/mongo/**'], { 'mongo imports no service.': services.map((name) => `@turno/${name}`), ...noBroker }),
  forbid(['packages/mongo/src/**'], {
    'mongo imports no service.': services.map((name) => `@turno/${name}`),
    ...noBroker,
    ...noTestPackages,
  }),
  forbid(['packages/devstack/**'], { 'devstack imports no other package.': ['@turno/*'] }),
  forbid(['packages/devstack/test/**'], { 'devstack imports no other package.': ['@turno/*', '!@turno/testing'] }),
  forbid(['packages/testing/**'], { 'testing knows nothing of Turno.': ['@turno/*'] }),
  ...services.flatMap((name) => [
    ...everywhereAndInSources(name, {
      [noOtherService]: [...otherServices(name), '@turno/cli'],
      ...noBroker,
      ...noDatabase,
      ...(name === 'gateway' && { 'The gateway has no database.': ['mongoose', 'mongodb', '@turno/mongo'] }),
    }),
    forbid([`services/${name}/src/data-access/**`], {
      [noOtherService]: otherServices(name),
      ...noBroker,
      ...noTestPackages,
    }),
    forbid([`services/${name}/src/data-access/*.spec.ts`], { [noOtherService]: otherServices(name), ...noBroker }),
    forbid([`services/${name}/src/domain/**`], {
      [noOtherService]: otherServices(name),
      ...noTestPackages,
      'The domain knows no technology.': technology,
      'The domain knows only itself and its ports.': outside,
    }),
  ]),
];

// oxlint reads the default export of its configuration.
// oxlint-disable-next-line import/no-default-export
export default defineConfig({
  plugins: ['typescript', 'import', 'node', 'promise', 'unicorn', 'oxc', 'jest'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  env: { node: true, es2024: true },
  ignorePatterns: ['**/dist/**', '**/node_modules/**'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/prefer-readonly': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'eslint/no-console': 'error',
    'eslint/eqeqeq': 'error',
    'eslint/max-lines': ['error', 250],
    // Drivers hand out errors and replies as any; each assertion on them states what the driver documents.
    'typescript/no-unsafe-type-assertion': 'off',
    // TypeScript's noImplicitReturns judges this, and knows an exhaustive switch.
    'typescript/consistent-return': 'off',
    // Retries, pages and group commits are sequential on purpose.
    'eslint/no-await-in-loop': 'off',
    // Plain new objects are what repositories are for; and Express 5 takes async handlers.
    'oxc/no-map-spread': 'off',
    'oxc/no-async-endpoint-handlers': 'off',
    // MongoDB's key is called _id.
    'eslint/no-underscore-dangle': 'off',
  },
  overrides: [
    {
      files: [
        'packages/cli/**',
        'packages/devstack/**',
        'scripts/**',
        'bench/**',
        'e2e/sample-client.ts',
        'e2e/soak.ts',
        'e2e/attack.ts',
        'e2e/compose/compose-check.ts',
        'packages/shared/src/run-service.ts',
      ],
      rules: { 'eslint/no-console': 'off' },
    },
    // A browser runs these; and JSDoc's types have no word for a field that stays.
    {
      files: ['services/*/*-page/**', 'packages/shared/page/**'],
      env: { browser: true, node: false },
      rules: { 'typescript/prefer-readonly': 'off' },
    },
    { files: ['jest.config.mjs'], rules: { 'import/no-default-export': 'off' } },
    ...boundaries,
  ],
});
