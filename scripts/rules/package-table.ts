/** What one workspace may depend on at run time. Development dependencies are free, apps excepted: nobody may use those. */
export interface PackageRule {
  /** Workspaces of this repository, by package name. */
  readonly workspaces: readonly string[];
  /** Whether it may use what any service promises its callers (`@flotilla/…-contract`). Default false. */
  readonly allContracts?: boolean;
  /** Packages from the npm registry. A new one is a decision: give its reason in `docs/adr/`. */
  readonly libraries: readonly string[];
}

/** The rule for a workspace, by its folder; undefined: it has none yet. */
export function packageRule(folder: string): PackageRule | undefined {
  return packageTable[folder] ?? (folder.startsWith('apps/') ? serviceRule : undefined);
}

/** What a service that is added here may use without a row of its own. */
const serviceRule: PackageRule = {
  workspaces: ['@flotilla/contracts', '@flotilla/kit', '@flotilla/registry-client'],
  allContracts: true,
  libraries: ['zod'],
};

/** Whether a workspace may depend on a package. */
export function mayDependOn({ workspaces, libraries, allContracts = false }: PackageRule, name: string): boolean {
  return [...workspaces, ...libraries].includes(name) || (allContracts && /^@flotilla\/.+-contract$/.test(name));
}

/**
 * The direction of dependencies between workspaces, by folder. `scripts/check-structure.ts` compares every
 * `package.json` with it; what a file imports without declaring it is found by `knip --production --strict`.
 */
export const packageTable: Readonly<Record<string, PackageRule>> = {
  'packages/contracts': { workspaces: [], libraries: ['zod'] },
  'packages/http1': { workspaces: [], libraries: [] },
  'packages/kit': {
    workspaces: ['@flotilla/contracts'],
    libraries: ['@bufbuild/protobuf', 'fastify', 'ioredis', 'kysely', 'mysql2', 'pg', 'pino', 'zod'],
  },
  'packages/registry': { workspaces: ['@flotilla/contracts', '@flotilla/kit'], libraries: ['sax', 'zod'] },
  'packages/registry-client': { workspaces: ['@flotilla/contracts'], libraries: ['zod'] },
  'packages/gateway': {
    workspaces: ['@flotilla/contracts', '@flotilla/http1', '@flotilla/kit'],
    libraries: ['zod'],
  },
  'packages/templates': { workspaces: [], libraries: [] },
  'packages/fleet': {
    workspaces: ['@flotilla/contracts', '@flotilla/kit', '@flotilla/registry-client'],
    libraries: [],
  },
  // What a person looks at; nothing that serves depends on it.
  'packages/dashboard': {
    workspaces: ['@flotilla/contracts', '@flotilla/fleet', '@flotilla/kit', '@flotilla/registry-client'],
    libraries: ['@bufbuild/protobuf', 'zod'],
  },
  'packages/user-contract': {
    workspaces: ['@flotilla/contracts', '@flotilla/kit'],
    libraries: ['@bufbuild/protobuf', 'zod'],
  },
  // Its operations also answer with errors of user-service.
  'packages/order-contract': {
    workspaces: ['@flotilla/contracts', '@flotilla/kit', '@flotilla/user-contract'],
    libraries: ['@bufbuild/protobuf', 'zod'],
  },
  // For tests, here and in the repositories of users, who install it with all it depends on.
  'packages/testing': { workspaces: ['@flotilla/contracts', '@flotilla/fleet', '@flotilla/kit'], libraries: [] },
  // For tests here only, so it may know every package; what it needs of them is no dependency of any program.
  'packages/conformance': {
    workspaces: [
      '@flotilla/contracts',
      '@flotilla/dashboard',
      '@flotilla/fleet',
      '@flotilla/gateway',
      '@flotilla/http1',
      '@flotilla/kit',
      '@flotilla/order-contract',
      '@flotilla/registry',
      '@flotilla/registry-client',
      '@flotilla/testing',
      '@flotilla/user-contract',
    ],
    libraries: ['@bufbuild/protobuf', '@seriousme/openapi-schema-validator', 'ajv', 'fast-check', 'kysely'],
  },
  // It starts our programs, and imports nothing of them.
  'apps/cli': {
    workspaces: [
      '@flotilla/app-dashboard',
      '@flotilla/app-gateway',
      '@flotilla/app-service-registry',
      '@flotilla/contracts',
      '@flotilla/dashboard',
      '@flotilla/fleet',
      '@flotilla/kit',
      '@flotilla/templates',
    ],
    libraries: [],
  },
  'apps/create-flotilla': { workspaces: ['@flotilla/templates'], libraries: [] },
  'apps/service-registry': {
    workspaces: ['@flotilla/contracts', '@flotilla/kit', '@flotilla/registry'],
    libraries: ['zod'],
  },
  'apps/gateway': {
    workspaces: ['@flotilla/contracts', '@flotilla/gateway', '@flotilla/kit', '@flotilla/registry-client'],
    libraries: ['zod'],
  },
  'apps/dashboard': {
    workspaces: ['@flotilla/contracts', '@flotilla/dashboard', '@flotilla/kit', '@flotilla/registry-client'],
    libraries: ['zod'],
  },
  'apps/user-service': {
    workspaces: ['@flotilla/contracts', '@flotilla/kit', '@flotilla/registry-client', '@flotilla/user-contract'],
    libraries: ['zod'],
  },
  'apps/order-service': {
    workspaces: [
      '@flotilla/contracts',
      '@flotilla/kit',
      '@flotilla/order-contract',
      '@flotilla/registry-client',
      '@flotilla/user-contract',
    ],
    libraries: ['zod'],
  },
};
