import path from 'node:path';
import type { Clock } from '@flotilla/contracts';
import { finishEnvironments, planFleet, readOwnFiles, registryName } from '@flotilla/fleet/plan';
import { placePorts } from '@flotilla/fleet/ports';
import {
  askLiveness,
  configurationExitCode,
  defaultRestartPolicy,
  HeldSockets,
  Supervisor,
  spawnProgram,
} from '@flotilla/fleet/supervise';
import { isDebugged, watchLiveness } from '@flotilla/kit/liveness';
import { wantsColour } from '@flotilla/kit/terminal';
import { FleetOutput, type TextSink } from '../output/fleet-output.ts';
import { checkSettings } from './check-settings.ts';
import { isDamagedInstallation } from './damaged-installation.ts';
import { FleetReporter } from './fleet-reporter.ts';
import type { UpOptions } from './up-words.ts';

/** What `up` needs of the process it runs in. */
export interface UpContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly clock: Clock;
  readonly random: () => number;
  /** The project's folder: where `apps/` is, and where relative paths of settings begin. */
  readonly root: string;
  /** When this program was started, on the clock's monotonic scale. */
  readonly startedMs: number;
  /** Calls back each time the fleet is asked to stop; `hurry`: asked again by somebody who does not want to wait. */
  readonly onStopRequest: (stop: (hurry: boolean) => void) => void;
}

/** Runs the fleet until it is stopped; resolves with the exit code. */
export async function up(options: UpOptions, context: UpContext): Promise<number> {
  const { env, clock, root } = context;
  const dataFolder = options.dataFolder === undefined ? undefined : path.resolve(root, options.dataFolder);
  const files = readOwnFiles(options.only, env, root);
  const plan = planFleet({ ...options, dataFolder, env, files });
  const placement = await placePorts(plan.specs, context.random);
  const problems = [...plan.problems, ...(placement.ok ? [] : [placement.message])];
  if (!placement.ok || problems.length > 0) {
    context.stderr.write(`flotilla: ${problems.join('\nflotilla: ')}\n`);
    // The ports do not matter to those who only read their settings.
    const unplaced = plan.specs.map((spec) => ({
      ...spec,
      port: numberOf(spec.port),
      further: spec.further.map((each) => ({ ...each, port: numberOf(each.port) })),
    }));
    for (const words of await checkSettings(finishEnvironments(unplaced), root)) context.stderr.write(`\n${words}\n`);
    return configurationExitCode;
  }

  const specs = new Map(finishEnvironments(placement.placed).map((spec) => [spec.name, spec]));
  const json = env['LOG_FORMAT'] === 'json';
  const namesOf = (program: string): ReadonlySet<string> =>
    new Set([...specs.values()].filter((spec) => spec.program.name === program).map(({ name }) => name));
  const output = new FleetOutput({
    names: [...specs.keys()],
    stdout: context.stdout,
    stderr: context.stderr,
    colour: { stdout: wantsColour(env, context.stdout), stderr: wantsColour(env, context.stderr) },
    format: json ? 'json' : 'pretty',
    ...(options.verbose || ['debug', 'trace'].includes(env['LOG_LEVEL'] ?? '')
      ? {}
      : { quiet: { clock, gateways: namesOf('gateway'), registries: namesOf(registryName) } }),
  });
  const { promise: finished, resolve: finish } = Promise.withResolvers<number>();
  const reporter = new FleetReporter({
    specs,
    output,
    stdout: context.stdout,
    stderr: context.stderr,
    clock,
    json,
    startedMs: context.startedMs,
    stop: () => stop(false),
    finish,
    checkSettings: (these) => checkSettings(these, root),
  });
  // Of several instances one that is away had better refuse: the gateway then asks another at once.
  const alone = [...specs.values()].filter(({ program }) => (options.scale.get(program.name) ?? 1) === 1);
  const sockets = new Map(alone.map(({ name }) => [name, new HeldSockets()]));
  const leftBehind = new Set<() => void>();
  const supervisor = new Supervisor({
    names: [...specs.keys()],
    clock,
    policy: defaultRestartPolicy,
    stopLast: [...specs.values()].filter((spec) => spec.program.stopsLast === true).map((spec) => spec.name),
    tell(event) {
      if (event.kind === 'crashed' && event.restartInMs > longestQueueMs) sockets.get(event.name)?.release();
      reporter.tell(event);
    },
    watch(name, live, { pid }, onHung) {
      if (options.hangLimitMs === 0) return { stop: () => undefined };
      return watchLiveness({
        clock,
        limitMs: options.hangLimitMs,
        answers: (timeoutMs) => askLiveness(live, timeoutMs),
        isDebugged: () => isDebugged(pid, specs.get(name)?.env ?? {}),
        onHung,
      });
    },
    spawn(name, listener) {
      const spec = specs.get(name);
      if (spec === undefined) throw new Error(`no process is named ${name}`);
      const stderr = output.stream(name, 'stderr');
      const firstWords = reporter.firstWordsOf(name);
      return spawnProgram(
        {
          file: path.join(root, 'apps', spec.program.name, 'src', 'main.ts'),
          cwd: root,
          env: spec.env,
          stdout: output.stream(name, 'stdout'),
          sockets: sockets.get(name),
          leftBehind,
          stderr: {
            push(chunk) {
              firstWords.push(chunk);
              stderr.push(chunk);
            },
            end: () => stderr.end(),
          },
        },
        {
          ...listener,
          exited(end) {
            const damaged = end.code !== 0 && isDamagedInstallation(firstWords.text);
            listener.exited(damaged ? { ...end, damaged } : end);
          },
        },
      );
    },
  });
  const stop = (hurry: boolean): void => {
    for (const held of sockets.values()) held.end();
    supervisor.stop(hurry);
  };
  context.onStopRequest((hurry) => {
    reporter.stopRequested(hurry);
    stop(hurry);
  });
  supervisor.start();
  const exitCode = await finished;
  for (const kill of leftBehind) kill();
  output.end();
  return exitCode;
}

/** A connection may wait in a queue for a program that comes at once; for one that keeps crashing it is better refused. */
const longestQueueMs = 500;

function numberOf(port: number | 'free'): number {
  return port === 'free' ? 0 : port;
}
