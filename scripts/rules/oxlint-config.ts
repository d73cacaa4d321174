import { layerTable } from './layers.ts';

/** A rule's setting as oxlint reads it: a severity, or a severity and options. */
type RuleSetting = 'error' | 'off' | readonly ['error', ...unknown[]];

/** Some files, and what differs for them. */
interface Override {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, RuleSetting>>;
}

/** The part of oxlint's configuration this repository uses. */
export interface OxlintConfig {
  readonly $schema: string;
  readonly plugins: readonly string[];
  readonly categories: Readonly<Record<string, string>>;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly overrides: readonly Override[];
  readonly ignorePatterns: readonly string[];
}

/** What of the process belongs to a program's `main.ts` alone. */
const processMembers = ['abort', 'argv', 'exit', 'exitCode', 'kill', 'on', 'once', 'stdin'];

const reachingOut = {
  regex: '^\\.\\./(?:.*/)?(?:src|dist)/',
  message: 'Import another package by its name and what it exports, never by its files.',
};
const processImport = {
  name: 'node:process',
  message: 'Only main.ts knows the process; take what you need as an argument.',
};

/** Imports that a folder may not use, by regular expression or by gitignore-style patterns. */
type RestrictedPattern =
  | { readonly regex: string; readonly message: string }
  | { readonly group: readonly string[]; readonly message: string };

function restrictedImports(...patterns: readonly RestrictedPattern[]): RuleSetting {
  return ['error', { paths: [processImport], patterns: [reachingOut, ...patterns] }];
}

/** The files that are a program of their own: they meet the process, and people read what they print. */
const programs = [
  ...['apps/*/src/main.ts', 'apps/cli/src/**', 'scripts/**', 'bench/**', 'tests/**', '**/*.test.ts'],
  // Starts real processes for tests, and ends them.
  'packages/testing/src/cluster/**',
];

const programRules: Readonly<Record<string, RuleSetting>> = {
  'no-console': 'off',
  'no-restricted-properties': 'off',
  'node/no-process-env': 'off',
  'unicorn/no-process-exit': 'off',
};

/** Foreign code's `any` is kept out of the sources; in tests it harms nobody, and plain JavaScript has no types. */
const unsafeRules = ['argument', 'assignment', 'call', 'member-access', 'return', 'unary-minus'].map(
  (name) => `typescript/no-unsafe-${name}`,
);

/** How values become text: in tests a wrong text is seen at once. */
const textRules = [
  'no-base-to-string',
  'no-misused-spread',
  'require-array-sort-compare',
  'restrict-template-expressions',
].map((name) => `typescript/${name}`);

const baseRules: Readonly<Record<string, RuleSetting>> = {
  eqeqeq: 'error',
  'import/no-cycle': 'error',
  'import/no-default-export': 'error',
  'max-lines': ['error', { max: 300 }],
  'no-console': 'error',
  'no-empty': 'error',
  'no-restricted-imports': restrictedImports(),
  'no-restricted-properties': ['error', ...processMembers.map((property) => ({ object: 'process', property }))],
  'no-var': 'error',
  'node/no-process-env': 'error',
  'prefer-const': 'error',
  // Callbacks are fine; it is promises left alone that are caught elsewhere.
  'promise/no-callback-in-promise': 'off',
  'typescript/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  'typescript/no-explicit-any': 'error',
  'typescript/no-floating-promises': [
    'error',
    // A test's promise is the runner's business.
    { allowForKnownSafeCalls: [{ from: 'package', name: ['describe', 'it', 'suite', 'test'], package: 'node:test' }] },
  ],
  'typescript/no-misused-promises': 'error',
  'typescript/no-non-null-assertion': 'error',
  'typescript/no-unnecessary-type-assertion': 'error',
  'typescript/only-throw-error': 'error',
  // An aborted signal's reason has no type and is passed on as it is.
  'typescript/prefer-promise-reject-errors': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  ...rulesSetTo('error', unsafeRules),
  'unicorn/filename-case': ['error', { case: 'kebabCase' }],
  'unicorn/no-process-exit': 'error',
  // Interfaces here are mostly met by object literals whose functions need no `this`.
  'typescript/unbound-method': 'off',
  // The engines set arrays up at their full length on purpose.
  'unicorn/no-new-array': 'off',
  'unicorn/no-useless-spread': 'off',
  'unicorn/prefer-node-protocol': 'error',
};

function rulesSetTo(setting: RuleSetting, names: readonly string[]): Record<string, RuleSetting> {
  return Object.fromEntries(names.map((name) => [name, setting]));
}

/** The lint configuration: the rules that hold everywhere, and one override per folder that has a place in a layering. */
export function oxlintConfig(): OxlintConfig {
  return {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'node', 'promise'],
    categories: { correctness: 'error' },
    rules: baseRules,
    overrides: [
      ...Object.entries(layerTable).flatMap(([folder, layers]) => layerOverrides(folder, layers)),
      { files: programs, rules: programRules },
      { files: ['apps/*/src/main.ts'], rules: { 'max-lines': ['error', { max: 100 }] } },
      {
        // A test may look at its package from above.
        files: ['scripts/**', 'bench/**', 'tests/**', '**/*.test.ts'],
        rules: { 'no-restricted-imports': ['error', { patterns: [reachingOut] }] },
      },
      { files: ['**/*.test.ts'], rules: { 'max-lines': ['error', { max: 400 }] } },
      {
        files: ['**/*.test.ts', '**/*.mjs', 'packages/testing/**'],
        rules: rulesSetTo('off', [...unsafeRules, ...textRules]),
      },
      // One table with a row per code: there is no second idea to move elsewhere.
      { files: ['packages/contracts/src/error-table.ts'], rules: { 'max-lines': 'off' } },
    ],
    ignorePatterns: ['**/dist/**', '**/node_modules/**', '.flotilla/**', 'data/**'],
  };
}

function layerOverrides(folder: string, layers: readonly string[]): Override[] {
  const overrides: Override[] = [];
  for (const [index, layer] of layers.entries()) {
    const above = layers.slice(index + 1);
    const lowFiles = layers.slice(0, index).filter((name) => name.endsWith('.ts'));
    const isFile = layer.endsWith('.ts');
    const up = isFile ? '^\\./' : '^(?:\\.\\./)+';
    const patterns = above.map((name) => ({
      regex: up + (name.endsWith('.ts') ? name.replaceAll('.', '\\.') : `${name}/`),
      message: `${layer} is below ${name} in ${folder}: move what both need to a lower folder.`,
    }));
    const topFiles = { group: topFileGroup(isFile, lowFiles), message: topFileMessage(layer, folder) };
    overrides.push({
      files: [isFile ? `${folder}/src/${layer}` : `${folder}/src/${layer}/**`],
      rules: { 'no-restricted-imports': restrictedImports(...patterns, topFiles) },
    });
  }
  return overrides;
}

/** Matches every file in `src` but those of a lower place. */
function topFileGroup(isFile: boolean, lowFiles: readonly string[]): string[] {
  const parent = isFile ? './' : '../';
  return [`${parent}*.ts`, ...lowFiles.map((name) => `!${parent}${name}`)];
}

function topFileMessage(layer: string, folder: string): string {
  return `${layer} is below the files in ${folder}/src: move what both need to a lower folder.`;
}
