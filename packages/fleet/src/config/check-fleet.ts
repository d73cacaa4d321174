import path from 'node:path';
import { nearestName, variablePrefix } from '@flotilla/kit/sources';
import { checkOrder } from './check-order.ts';
import { checkProgram, mostPort, readEnv, readExamples } from './check-program.ts';
import { dashboardName, type Fleet, gatewayName, type Program, registryName } from './fleet.ts';
import { isPlainObject, OptionReader, type Problem, pathTo, show } from './option-reader.ts';

/** Flotilla's programs and other files, as the project has them. */
export interface OwnPrograms {
  /** The file of the program; undefined if its package is not installed. */
  find(packageName: string): string | undefined;
  /** Whether a file exists. */
  exists(file: string): boolean;
}

/** A fleet, or all mistakes in it. */
export type CheckedFleet =
  | { readonly ok: true; readonly fleet: Fleet }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The packages of our programs. */
const packages = {
  [registryName]: '@flotilla/app-service-registry',
  [gatewayName]: '@flotilla/app-gateway',
  [dashboardName]: '@flotilla/app-dashboard',
};
/** The options for our programs, by the names that these have. */
const ownOptions: Readonly<Record<string, string>> = { [registryName]: 'registry', [gatewayName]: 'gateway' };

/** Where the routes are unless the file says otherwise. */
const usualRoutes = 'gateway.config.ts';

/** Checks what a fleet file exports as `fleet`, and reports all mistakes at once. `file`: the path of that file. */
export function checkFleet(value: unknown, file: string, own: OwnPrograms): CheckedFleet {
  const problems: Problem[] = [];
  const folder = path.dirname(file);
  const options = new OptionReader(value, '', ['registry', 'gateway', 'dashboard', 'dataFolder', 'programs'], problems);
  const dataFolder = options.text('dataFolder', './data');
  const written = options.get('programs');
  if (!isPlainObject(written)) {
    const what = written === undefined ? 'but it is missing' : `got ${show(written)}`;
    options.refuse(
      'programs',
      `expected an object of programs by name, ${what}. If there are none, write programs: {}.`,
    );
  }
  const services = Object.entries(isPlainObject(written) ? written : {}).map(([name, each]) => {
    checkName(name, options, problems);
    return checkProgram(name, each, folder, problems);
  });
  const programs = [
    ...readGateway(options, folder, own, problems),
    ...readRegistry(options, folder, own, problems),
    ...services,
    ...readDashboard(options, folder, own, problems),
  ];
  checkPrefixes(programs, problems);
  problems.push(...checkOrder(programs));
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    fleet: {
      file,
      folder,
      dataFolder: dataFolder === undefined ? undefined : path.resolve(folder, dataFolder),
      programs,
    },
  };
}

function readRegistry(options: OptionReader, folder: string, own: OwnPrograms, problems: Problem[]): Program[] {
  if (options.get('registry') === false) return [];
  const parts = new OptionReader(options.get('registry') ?? {}, 'registry', ['port', 'env', 'examples'], problems);
  return [
    {
      ...ownProgram(registryName, 'registry', parts, folder, own),
      defaultPort: portOf(parts, 8500),
      hasDatabase: true,
      singleBecause: 'one process holds its watches and leases',
      registers: 'nobody',
    },
  ];
}

function readGateway(options: OptionReader, folder: string, own: OwnPrograms, problems: Problem[]): Program[] {
  const value = options.get('gateway');
  if (value === false) return [];
  if (value === undefined && !own.exists(path.join(folder, usualRoutes))) return [];
  const parts = new OptionReader(value ?? {}, 'gateway', ['port', 'env', 'examples', 'routes'], problems);
  const routes = path.resolve(folder, parts.text('routes', `./${usualRoutes}`) ?? usualRoutes);
  if (!own.exists(routes))
    parts.refuse('routes', `cannot find the file ${routes}. Create it, or leave the gateway out with gateway: false.`);
  const program = ownProgram(gatewayName, 'gateway', parts, folder, own);
  return [
    {
      ...program,
      defaultPort: portOf(parts, 8080),
      env: { GATEWAY_CONFIG: routes, ...program.env },
      registers: 'itself',
    },
  ];
}

function readDashboard(options: OptionReader, folder: string, own: OwnPrograms, problems: Problem[]): Program[] {
  const value = options.get('dashboard');
  if (value === false) return [];
  // A project that has installed only some of our programs need not say that it does without this one.
  if (value === undefined && own.find(packages[dashboardName]) === undefined) return [];
  const parts = new OptionReader(value ?? {}, 'dashboard', ['port', 'env'], problems);
  return [
    {
      ...ownProgram(dashboardName, 'dashboard', parts, folder, own),
      defaultPort: portOf(parts, 8090),
      hasDatabase: true,
      singleBecause: 'one process takes and keeps what all others send',
      registers: 'nobody',
    },
  ];
}

function ownProgram(
  name: keyof typeof packages,
  role: Program['role'],
  parts: OptionReader,
  folder: string,
  own: OwnPrograms,
): Program {
  const file = own.find(packages[name]);
  if (file === undefined) {
    const advice = `Install it (npm install --save-dev @flotilla/cli), or leave it out with ${parts.path}: false.`;
    parts.refuse('', `the package ${packages[name]} is not installed. ${advice}`);
  }
  return {
    name,
    role,
    launch: { kind: 'node', file: file ?? '', args: [] },
    folder,
    defaultPort: 'free',
    further: [],
    hasDatabase: false,
    health: undefined,
    env: readEnv(parts),
    after: [],
    scale: 1,
    restart: { when: 'always', most: Number.POSITIVE_INFINITY },
    stopLimitMs: undefined,
    registers: 'itself',
    examples: name === dashboardName ? [] : readExamples(parts),
    watch: [],
  };
}

function portOf(parts: OptionReader, usual: number): number | 'free' {
  const port = parts.integer('port', 0, mostPort) ?? usual;
  return port === 0 ? 'free' : port;
}

/** The rule of the registry, whose own check brings a validator along that the supervisor would carry for nothing. */
function checkName(name: string, options: OptionReader, problems: Problem[]): void {
  const place = pathTo('programs', name);
  const option = ownOptions[name];
  if (name === dashboardName) {
    if (options.get('dashboard') !== false)
      problems.push(`${place}: this name is taken. Rename it, or leave our dashboard out with dashboard: false.`);
  } else if (option !== undefined) {
    problems.push(`${place}: this name is taken. Configure our ${option} with the option "${option}".`);
  } else if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
    const near = name
      .normalize('NFD')
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replaceAll(/^[^A-Za-z0-9]+|-+$/g, '')
      .slice(0, 63);
    const hint = near === '' ? '' : ` For example "${near}".`;
    const rule =
      'A name has letters, digits, "-", "_" and ".", begins with a letter or digit, and has at most 63 characters';
    problems.push(`${place}: the registry does not accept this name. ${rule}.${hint}`);
  }
}

/** Two names with the same prefix: a variable could not be set for only one of them. */
function checkPrefixes(programs: readonly Program[], problems: Problem[]): void {
  for (const [prefix, same] of Map.groupBy(programs, ({ name }) => variablePrefix(name))) {
    // One that has the name of ours was told that already.
    if (new Set(same.map(({ name }) => name)).size < 2) continue;
    const names = same.map(({ name }) => `"${name}"`).join(' and ');
    problems.push(`programs: ${names} would use the same variables (${prefix}…). Rename one of them.`);
  }
}

/** A hint for an unknown name: the nearest one, or all of them. */
export function nearestProgram(name: string, programs: readonly Program[]): string {
  const names = programs.map((program) => program.name);
  const near = nearestName(name, names);
  if (near !== undefined) return `Did you mean ${near}?`;
  return names.length === 0 ? 'The fleet has no programs.' : `Choose one of: ${names.join(', ')}.`;
}
