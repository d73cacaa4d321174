/**
 * Our gateway beside other proxies: `npm run bench:gateway`. What it measures and how: bench/README.md.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { watchDisturbance } from './measure/disturbance.ts';
import { versionOf } from './proxies/installed.ts';
import { chart } from './report/chart.ts';
import { describeMachine } from './report/machine.ts';
import { markdown } from './report/markdown.ts';
import type { Results } from './report/results.ts';
import { summarize } from './report/summary.ts';
import { makeCertificate } from './run/certificate.ts';
import { Meter } from './run/measure.ts';
import { type Options, parseOptions, usage } from './run/options.ts';
import { Processes } from './run/processes.ts';
import { proxyKinds } from './run/proxy-kinds.ts';
import { runScenario, startOnce } from './run/run-scenario.ts';
import { freePort, untilItAnswers } from './run/running-proxy.ts';
import type { Sample, Skip } from './run/sample.ts';
import { scenarios } from './run/scenarios.ts';
import { nginxUpstream } from './upstream/nginx-upstream.ts';

const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

try {
  const argv = process.argv.slice(2);
  const options = parseOptions(argv, path.join(import.meta.dirname, '../results'));
  const missing = ['taskset', 'wrk'].filter((name) => versionOf(name, '--version') === undefined);
  if (process.platform !== 'linux') throw new Error('This benchmark needs Linux: it uses /proc and taskset.');
  if (missing.length > 0)
    throw new Error(`Not found: ${missing.join(', ')}. Install them: apt-get install util-linux wrk`);
  publish(await measure(options, argv), options);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  if (error instanceof TypeError || (error instanceof Error && error.message.startsWith('--'))) say(usage);
  process.exitCode = 1;
}

async function measure(options: Options, argv: readonly string[]): Promise<Results> {
  const machine = describeMachine();
  if (machine.loadBefore > 0.5)
    say(`the machine is busy (load ${machine.loadBefore.toFixed(1)}): do not trust the figures`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flotilla-bench-gateway-'));
  const disturbance = watchDisturbance();
  const processes = new Processes(folder);
  const stop = (signal: NodeJS.Signals): void => {
    say(`stopped by ${signal}`);
    void processes.stopAll().finally(() => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(130);
    });
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const { kinds, versions, skips } = participants(options);
    const certificate = makeCertificate(folder);
    const nodeUpstream = await startUpstream('node', processes, options, folder);
    const upstream = (await startUpstream('nginx', processes, options, folder)) ?? nodeUpstream;
    const samples: Sample[] = [];
    const wanted = scenarios.filter((each) => options.scenarios.includes(each.name));
    for (const [index, scenario] of wanted.entries()) {
      const cores = (scenario.workers ?? 1) === 1 ? options.proxyCore : [options.proxyCore, options.loadCore].join(',');
      const upstreamPort = (scenario.upload === true ? nodeUpstream : upstream) ?? 0;
      const start = { processes, cores, upstreamPort, certificate, folder };
      if (index === 0) await startOnce(scenario, kinds, start);
      const meter = new Meter({ processes, loadCore: options.loadCore, folder });
      const found = await runScenario(scenario, { kinds, options, meter, start, say });
      samples.push(...found.samples);
      skips.push(...found.skips);
    }
    await processes.stopAll();
    const disturbed = disturbance();
    const summaries = summarize(samples);
    return { date: new Date().toISOString(), machine, disturbed, arguments: argv, versions, skips, summaries };
  } finally {
    await processes.stopAll();
    rmSync(folder, { recursive: true, force: true });
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function participants(options: Options): {
  kinds: typeof proxyKinds;
  versions: Record<string, string>;
  skips: Skip[];
} {
  const versions: Record<string, string> = {};
  const skips: Skip[] = [];
  const kinds = proxyKinds.filter((kind) => {
    if (!options.proxies.includes(kind.name)) return false;
    const prepared = kind.prepare();
    if ('skipped' in prepared) {
      skips.push({ proxy: kind.name, reason: prepared.skipped });
      say(`${kind.name} is skipped: ${prepared.skipped}`);
      return false;
    }
    versions[kind.name] = prepared.version;
    return true;
  });
  return { kinds, versions, skips };
}

/** The port on which it listens; undefined when nginx is not installed. */
async function startUpstream(
  which: 'nginx' | 'node',
  processes: Processes,
  options: Options,
  folder: string,
): Promise<number | undefined> {
  if (which === 'nginx' && versionOf('nginx', '-v') === undefined) return undefined;
  const port = await freePort();
  const own = path.join(folder, `${which}-upstream`);
  const script = path.join(import.meta.dirname, 'upstream/node-upstream.ts');
  const launch =
    which === 'nginx' ? nginxUpstream(own, port) : { command: process.execPath, args: [script, String(port)] };
  const started = processes.start(options.loadCore, launch);
  const problem = await untilItAnswers(`http://127.0.0.1:${port}/small`, started, {
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
  });
  if (problem !== undefined) throw new Error(`the ${which} upstream does not work: ${problem}`);
  return port;
}

function publish(results: Results, options: Options): void {
  const text = markdown(results);
  console.log(text);
  if (options.outFolder === undefined) return;
  mkdirSync(options.outFolder, { recursive: true });
  const base = path.join(options.outFolder, `gateway-${results.date.slice(0, 10)}`);
  writeFileSync(`${base}.md`, text);
  writeFileSync(`${base}.svg`, chart(results));
  writeFileSync(`${base}.json`, `${JSON.stringify(results, null, 2)}\n`);
  say(`written: ${base}.md, .svg and .json`);
}
