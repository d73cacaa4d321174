/**
 * What tracing costs a service, or the gateway: `npm run bench:telemetry`. What it measures and how: bench/README.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startRegistry } from '../chassis/servers.ts';
import { median, table } from '../fleet/measured-fleet.ts';
import { watchDisturbance } from '../gateway/measure/disturbance.ts';
import { describeMachine, machineText } from '../gateway/report/machine.ts';
import { Processes, type Started } from '../gateway/run/processes.ts';
import { freePort } from '../gateway/run/running-proxy.ts';
import { nginxUpstream } from '../gateway/upstream/nginx-upstream.ts';
import { measureInTurns } from '../measure-in-turns.ts';
import { untilAnswered } from '../until-answered.ts';

const usage = `usage: npm run bench:telemetry -- [options]
  --program <p>   user-service (default) or gateway, with one worker and nginx behind it
  --starts <n>    how often every server is started (default 5)
  --rounds <n>    rounds after each start; each measures every server once (default 3)
  --seconds <s>   length of one measurement (default 1)
  --level <l>     what services log: silent, error, info (default error)
  --before <dir>  another checkout, whose program is measured beside
  --cores <s,l>   the servers' core and that of the load (default 0,1)`;

/** What happens in a tenth of the requests is compiled after ten times as many; until then, it undoes what was compiled of the rest. */
const warmUpRequests = 400_000;

const root = path.join(import.meta.dirname, '../..');

const { values } = parseArgs({
  options: {
    program: { type: 'string', default: 'user-service' },
    starts: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    level: { type: 'string', default: 'error' },
    before: { type: 'string' },
    cores: { type: 'string', default: '0,1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else await measure();

/** What is measured, and what it needs beside what every program does. */
interface Measured {
  readonly script: string;
  /** What is asked for. */
  readonly path: string;
  readonly env: (port: number, folder: string) => Readonly<Record<string, string>>;
}

/** A program that is up. */
interface Subject {
  readonly name: string;
  readonly url: string;
  readonly process: Started;
}

async function measure(): Promise<void> {
  const machine = describeMachine();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flotilla-bench-telemetry-'));
  const disturbance = watchDisturbance();
  const processes = new Processes(folder);
  const [core = '0', loadCore = '1'] = values.cores.split(',');
  try {
    const sinkPort = await freePort();
    const script = path.join(import.meta.dirname, 'sink.mjs');
    const sink = processes.start(loadCore, { command: process.execPath, args: [script, String(sinkPort)] });
    await untilAnswered(`http://127.0.0.1:${sinkPort}/`, sink, ({ ok }) => ok);
    const sampled = (ratio: string): Record<string, string> => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${sinkPort}`,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: ratio,
    });
    const registryUrl = await startRegistry({ processes, core: loadCore, folder });
    const program = await measuredProgram();
    const [starts, rounds, seconds] = [Number(values.starts), Number(values.rounds), Number(values.seconds)];
    const cpuUs = new Map<string, readonly number[]>();
    for (let begun = 0; begun < starts; begun += 1) {
      const subjects: Subject[] = [];
      if (values.before !== undefined) {
        subjects.push(await start(program, 'before, off', values.before, registryUrl, {}));
        subjects.push(await start(program, 'before, 0.1', values.before, registryUrl, sampled('0.1')));
      }
      subjects.push(await start(program, 'off', root, registryUrl, {}));
      for (const ratio of ['0', '0.1', '1'])
        subjects.push(await start(program, `on, ${ratio}`, root, registryUrl, sampled(ratio)));
      const measured = await measureInTurns(subjects, { processes, loadCore, folder, rounds, seconds, warmUpRequests });
      for (const [{ name }, each] of measured) cpuUs.set(name, [...(cpuUs.get(name) ?? []), median(each)]);
      await Promise.all(subjects.map((subject) => subject.process.stop()));
    }
    await processes.stopAll();
    report(cpuUs);
    const { othersCores, stolenCores } = disturbance();
    console.log(
      `\n${machineText(machine)}; others used ${othersCores.toFixed(2)} cores, ${stolenCores.toFixed(2)} stolen`,
    );
  } finally {
    await processes.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }

  async function measuredProgram(): Promise<Measured> {
    if (values.program !== 'gateway')
      return {
        script: 'apps/user-service/src/main.ts',
        path: '/users/1',
        env: (port, place) => ({ GRPC_PORT: '0', DATABASE_URL: `sqlite:${path.join(place, `${port}.db`)}` }),
      };
    const upstream = await freePort();
    processes.start(loadCore, nginxUpstream(path.join(folder, 'upstream'), upstream));
    const env = { UPSTREAM_PORT: String(upstream), MAX_WORKERS: '1' };
    return { script: 'bench/gateway/flotilla-gateway.ts', path: '/small', env: () => env };
  }

  async function start(
    program: Measured,
    name: string,
    checkout: string,
    registryUrl: string,
    env: Record<string, string>,
  ): Promise<Subject> {
    const port = await freePort();
    const started = processes.start(core, {
      command: process.execPath,
      args: [path.join(checkout, program.script)],
      env: {
        SERVER_HOST: '127.0.0.1',
        SERVER_PORT: String(port),
        LOG_LEVEL: values.level,
        LOG_FORMAT: 'json',
        // As in a fleet: what a program has in common with a client of HTTP is compiled for both, in every subject alike.
        REGISTRY_URL: registryUrl,
        NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'collect-garbage.mjs')}`,
        ...program.env(port, folder),
        ...env,
      },
    });
    const url = `http://127.0.0.1:${port}${program.path}`;
    await untilAnswered(url, started, ({ ok }) => ok);
    return { name, url, process: started };
  }
}

/** `cpuUs`: of each subject, the median of each start. Those of one start are compared: what disturbs one disturbs the others. */
function report(cpuUs: ReadonlyMap<string, readonly number[]>): void {
  const base = cpuUs.get('off') ?? [];
  const rows = [...cpuUs].map(([name, each]) => [
    name,
    median(each).toFixed(1),
    Math.min(...each).toFixed(1),
    `${((median(each.map((value, start) => value / (base[start] ?? Number.NaN))) - 1) * 100).toFixed(1)} %`,
  ]);
  console.log('CPU time of one request in microseconds\n');
  console.log(table([['tracing', 'median', 'lowest', 'against off'], ...rows]));
}
