import path from 'node:path';
import type { FurtherPort, Health, Launch, Program, RestartRule } from './fleet.ts';
import { isPlainObject, isText, OptionReader, type Problem, pathTo } from './option-reader.ts';

/** Every option of a program. */
const known = [
  ...['run', 'args', 'command', 'port', 'ports', 'health', 'env', 'folder', 'after', 'scale', 'restart', 'stopLimitMs'],
  ...['registers', 'examples', 'watch'],
];
/** More than this on one machine is a mistyped number, not a wish. */
export const mostInstances = 32;
export const mostPort = 65_535;
/** What is longer than a day is a mistyped number. */
const longestMs = 86_400_000;
const restartWords = ['always', 'on-failure', 'never'] as const;

/** Checks the options of one program; undefined if they cannot be read at all. */
export function checkProgram(name: string, value: unknown, root: string, problems: Problem[]): Program {
  const options = new OptionReader(value, pathTo('programs', name), known, problems);
  const launch = readLaunch(options, root);
  const isNode = launch.kind === 'node';
  const folder = path.resolve(root, options.text('folder', 'services/stock') ?? '.');
  const port = options.integer('port', 0, mostPort) ?? (isNode ? 0 : undefined);
  const health = readHealth(options);
  if (health !== undefined && port === undefined)
    options.refuse('health', 'a health check needs a port. Add port: 8004.');
  return {
    name,
    role: 'service',
    launch,
    folder,
    defaultPort: port === 0 ? 'free' : port,
    further: readPorts(options),
    hasDatabase: isNode,
    health,
    env: readEnv(options),
    after: options.texts('after', "['service-registry']") ?? [],
    scale: options.integer('scale', 1, mostInstances) ?? 1,
    restart: readRestart(options),
    stopLimitMs: options.integer('stopLimitMs', 0, longestMs) ?? (isNode ? undefined : 10_000),
    registers: readRegisters(options, isNode, port !== undefined),
    examples: readExamples(options),
    watch: (options.texts('watch', "['services/stock/templates']") ?? []).map((each) => path.resolve(root, each)),
  };
}

/** Variables for one program, each a string. */
export function readEnv(options: OptionReader): Readonly<Record<string, string>> {
  const env = options.record('env', "a string (write numbers as '8080')", isText);
  for (const name of Object.keys(env)) {
    if (name === 'SERVER_PORT' || name === 'PORT')
      options.refuse(`env.${name}`, 'use the option "port" instead, so that other programs learn it too.');
    else if (!/^[^\s=]+$/.test(name)) options.refuse(`env.${name}`, 'this is not a valid name of a variable.');
  }
  return env;
}

/** Paths to show, when the fleet is ready. */
export function readExamples(options: OptionReader): readonly string[] {
  const examples = options.texts('examples', "['/stock/7']") ?? [];
  for (const each of examples)
    if (!each.startsWith('/')) options.refuse('examples', `"${each}" is not a path; it must begin with '/'.`);
  return examples;
}

function readLaunch(options: OptionReader, root: string): Launch {
  const run = options.text('run', 'services/greeting/src/main.ts');
  const command = options.texts('command', "['python3', 'stock.py']");
  const args = options.texts('args', "['--verbose']") ?? [];
  if (options.has('run') && options.has('command'))
    options.refuse(
      'command',
      'set "run" or "command", not both: "run" for a file that Node runs, "command" for anything else.',
    );
  else if (!options.has('run') && !options.has('command'))
    options.refuse(
      'run',
      "set what to run: run: 'services/greeting/src/main.ts', or command: ['python3', 'stock.py'].",
    );
  if (options.has('command') && options.has('args'))
    options.refuse('args', 'put the arguments of a command into "command".');
  if (command?.length === 0) options.refuse('command', "it is empty. Write, for example, ['python3', 'stock.py'].");
  if (run !== undefined && /\s/.test(run) && /^(?:node|npm|npx|python3?|go|sh|bash)\s/.test(run))
    options.refuse(
      'run',
      `this is a command, not a file. Write command: [${run
        .split(/\s+/)
        .map((word) => `'${word}'`)
        .join(', ')}].`,
    );
  if (run === undefined && options.has('command'))
    return { kind: 'command', command: command?.[0] ?? '', args: command?.slice(1) ?? [] };
  return { kind: 'node', file: path.resolve(root, run ?? '.'), args };
}

function readPorts(options: OptionReader): readonly FurtherPort[] {
  const isPort = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= mostPort;
  const ports = options.record('ports', `a port from 0 to ${mostPort}`, isPort);
  return Object.entries(ports).map(([setting, port]) => {
    if (!/^[A-Z][A-Z0-9_]*$/.test(setting))
      options.refuse(`ports.${setting}`, 'expected the name of a variable, such as GRPC_PORT.');
    return { setting, hostSetting: 'SERVER_HOST', host: '127.0.0.1', defaultPort: port };
  });
}

function readHealth(options: OptionReader): Health | undefined {
  if (!options.has('health')) return undefined;
  const defaults = { intervalMs: 5_000, timeoutMs: 1_000, failures: 2 };
  if (!isPlainObject(options.get('health'))) return { ...defaults, path: options.serverPath('health') ?? '/' };
  const problems: Problem[] = [];
  const parts = new OptionReader(options.get('health'), '', ['path', 'intervalMs', 'timeoutMs', 'failures'], problems);
  if (!parts.has('path')) parts.refuse('path', "set the path to ask: path: '/health'.");
  const health = {
    path: parts.serverPath('path') ?? '/',
    intervalMs: parts.integer('intervalMs', 50, longestMs) ?? defaults.intervalMs,
    timeoutMs: parts.integer('timeoutMs', 10, longestMs) ?? defaults.timeoutMs,
    failures: parts.integer('failures', 1, 1_000) ?? defaults.failures,
  };
  takeOver(options, 'health', problems);
  return health;
}

function readRestart(options: OptionReader): RestartRule {
  if (!isPlainObject(options.get('restart')))
    return { when: options.word('restart', restartWords) ?? 'always', most: Number.POSITIVE_INFINITY };
  const problems: Problem[] = [];
  const parts = new OptionReader(options.get('restart'), '', ['when', 'most'], problems);
  const rule: RestartRule = {
    when: parts.word('when', restartWords) ?? 'always',
    most: parts.integer('most', 0, 1_000_000) ?? Number.POSITIVE_INFINITY,
  };
  takeOver(options, 'restart', problems);
  return rule;
}

function readRegisters(options: OptionReader, isNode: boolean, hasPort: boolean): Program['registers'] {
  const said = options.word('registers', ['itself', 'supervisor', false]);
  if (said === 'supervisor' && !hasPort) options.refuse('registers', 'the registry needs a port. Add port: 8004.');
  if (said === false) return 'nobody';
  if (said !== undefined) return said;
  if (isNode) return 'itself';
  return hasPort ? 'supervisor' : 'nobody';
}

/** Problems within a part, which has noted them without the way to it. */
function takeOver(options: OptionReader, part: string, problems: readonly Problem[]): void {
  for (const problem of problems) {
    const [, key = '', message = ''] = /^([^:]*): (.*)$/s.exec(problem) ?? [];
    options.refuse(`${part}.${key}`, message);
  }
}
