import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Program } from '@flotilla/fleet/config';
import { findFleets, LogRing } from '@flotilla/fleet/control';
import { prepareFleet, RunningFleet } from '@flotilla/fleet/run';
import { configurationExitCode } from '@flotilla/fleet/supervise';
import { wantsColour } from '@flotilla/kit/terminal';
import type { Cli } from '../arguments/verb.ts';
import { FleetOutput } from '../output/fleet-output.ts';
import { checkSettings } from './check-settings.ts';
import { controlFleet } from './control-fleet.ts';
import { isDamagedInstallation } from './damaged-installation.ts';
import { FleetReporter } from './fleet-reporter.ts';
import { statusScreen } from './status-screen.ts';
import type { UpOptions } from './up-words.ts';
import { watchFleet } from './watch-fleet.ts';

/** What `up` needs of its process. */
export type UpContext = Pick<
  Cli,
  'env' | 'stdout' | 'stderr' | 'clock' | 'random' | 'startedMs' | 'version' | 'onStopRequest'
>;

/** Runs the fleet until it is stopped; resolves with the exit code. */
export async function up(options: UpOptions, context: UpContext): Promise<number> {
  const { clock } = context;
  const { fleet } = options;
  const env = { ...compileCache(fleet.folder), ...context.env };
  const dataFolder = options.dataFolder === undefined ? undefined : path.resolve(fleet.folder, options.dataFolder);
  const prepared = await prepareFleet({ ...options, dataFolder, env, random: context.random });
  if (!prepared.ok) {
    for (const { record } of await findFleets(fleet.folder)) {
      const another = 'Run another beside it: flotilla up --free-ports --data data/second';
      const hint = `See it: flotilla ps. Stop it: flotilla stop. ${another}`;
      context.stderr.write(`flotilla: a fleet of this project is already running (process ${record.pid}). ${hint}\n\n`);
    }
    context.stderr.write(`flotilla: ${prepared.problems.join('\nflotilla: ')}\n`);
    for (const words of await checkSettings(prepared.specs)) context.stderr.write(`\n${words}\n`);
    return configurationExitCode;
  }

  const specs = new Map(prepared.specs.map((spec) => [spec.name, spec]));
  const json = env['LOG_FORMAT'] === 'json';
  const namesOf = (role: Program['role']): ReadonlySet<string> =>
    new Set(prepared.specs.filter(({ program }) => program.role === role).map(({ name }) => name));
  const screen = statusScreen({ ...context, fleet: () => ({ processes: running.snapshot(), specs }) });
  const { stdout, stderr } = screen ?? context;
  const logs = new LogRing();
  const output = new FleetOutput({
    names: [...specs.keys()],
    stdout,
    stderr,
    colour: { stdout: wantsColour(env, stdout), stderr: wantsColour(env, stderr) },
    format: json ? 'json' : 'pretty',
    keep: (name, from, line) => logs.push({ name, from, line, atMs: clock.now() }),
    ...(options.verbose || ['debug', 'trace'].includes(env['LOG_LEVEL'] ?? '')
      ? {}
      : { quiet: { clock, gateways: namesOf('gateway'), registries: namesOf('registry') } }),
  });
  const { promise: finished, resolve: finish } = Promise.withResolvers<number>();
  const reporter = new FleetReporter({
    specs,
    programs: fleet.programs,
    output,
    stdout,
    stderr,
    clock,
    json,
    startedMs: context.startedMs,
    stop: () => running.stopAll(),
    finish(exitCode) {
      screen?.close();
      finish(exitCode);
    },
    checkSettings,
  });
  const running = new RunningFleet({
    specs: prepared.specs,
    async plan(program, number) {
      const spec = await prepared.plan(program, number);
      specs.set(spec.name, spec);
      return spec;
    },
    clock,
    hangLimitMs: options.hangLimitMs,
    tell(event) {
      reporter.tell(event);
      screen?.update();
    },
    logger: (name) => reporter.loggerOf(name),
    judge: (name, end) =>
      end.code !== 0 && isDamagedInstallation(reporter.firstWordsOf(name).text) ? { ...end, damaged: true } : end,
    output(name, from) {
      const stream = output.stream(name, from);
      if (from === 'stdout') return stream;
      const firstWords = reporter.firstWordsOf(name);
      firstWords.clear();
      return {
        push(chunk) {
          firstWords.push(chunk);
          stream.push(chunk);
        },
        end: () => stream.end(),
      };
    },
  });
  const stopAll = (hurry: boolean): void => {
    reporter.stopRequested(hurry);
    running.stopAll(hurry);
    screen?.update();
  };
  context.onStopRequest(stopAll);
  running.startAll();
  const { startedMs, version } = context;
  const control = await controlFleet({
    fleet: running,
    folder: fleet.folder,
    clock,
    version,
    startedMs,
    logs,
    output,
    stopAll,
    asked: (action, names) => reporter.asked(action, names),
  });
  const stopWatching = options.watch ? await watchFleet(running, { ...options, clock, output }) : () => undefined;
  const exitCode = await finished;
  control.close();
  stopWatching();
  running.endRest();
  output.end();
  return exitCode;
}

/** What Node compiles is kept for the next start, where installed packages are too: a program is ready in half the time. */
function compileCache(project: string): Readonly<Record<string, string>> {
  const installed = path.join(project, 'node_modules');
  return existsSync(installed) ? { NODE_COMPILE_CACHE: path.join(installed, '.cache', 'node-compile') } : {};
}
