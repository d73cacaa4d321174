import { loadFleet } from '@flotilla/fleet/config';
import type { FleetReport } from '@flotilla/fleet/control';
import { prepareFleet } from '@flotilla/fleet/run';
import { wantsColour } from '@flotilla/kit/terminal';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { widthOf } from '../help/width-of.ts';
import { tinted } from '../output/tinted.ts';
import { wrapText } from '../output/wrap-text.ts';
import { answer } from '../running/answer.ts';
import { allRunning, NotRunning } from '../running/find-running.ts';
import { checkAllSettings, checkFile, checkPorts, checkRoutes } from './check-fleet-file.ts';
import { checkDisk, checkNode, checkVersions } from './check-machine.ts';
import { checkRegistry, checkRunning } from './check-running.ts';
import { findRegistry } from './find-registry.ts';
import type { Finding } from './finding.ts';

/** `flotilla doctor`. */
export async function examine(given: Given, cli: Cli): Promise<number> {
  const registry = await findRegistry(given, cli);
  return answer(given, cli, async () => {
    const findings = await findAll(given, cli, registry);
    const problems = findings.filter(({ result }) => result === 'problem').length;
    const verdict = problems === 0 ? 'Nothing is wrong.' : `${problems} ${problems === 1 ? 'problem' : 'problems'}.`;
    return { json: { findings }, text: [...show(findings, cli), '', verdict], exitCode: problems === 0 ? 0 : 1 };
  });
}

async function findAll(given: Given, cli: Cli, registry: URL): Promise<readonly Finding[]> {
  const { env, cwd, version } = cli;
  const loaded = await loadFleet({ folder: cwd, file: given.value('--config'), besides: [import.meta.filename] });
  let running: readonly FleetReport[] = [];
  let why: string | undefined;
  try {
    running = (await allRunning(given, cli)).map(({ report }) => report);
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    why = error.message;
  }
  const hasRegistry = running.some(({ processes }) => processes.some(({ role }) => role === 'registry'));
  const common = [checkNode(process.version), ...checkFile(loaded, env)];
  const rest = [
    ...(loaded.ok ? checkRunning(running, why) : []),
    ...(await checkRegistry(registry, hasRegistry, () => cli.clock.now())),
  ];
  if (!loaded.ok) return [...common, ...rest];
  const { fleet } = loaded;
  const prepared = await prepareFleet({ fleet, env, random: cli.random });
  const [routes, settings, ports, disk] = await Promise.all([
    checkRoutes(fleet, env),
    checkAllSettings(prepared),
    checkPorts(prepared, running),
    checkDisk(fleet.dataFolder ?? fleet.folder),
  ]);
  return [...common, checkVersions(fleet.file, version), ...routes, ...settings, ...ports, ...disk, ...rest];
}

const marks = { ok: ['ok', 32], note: ['note', 33], problem: ['WRONG', 31] } as const;
const markWidth = 7;

function show(findings: readonly Finding[], { env, stdout }: Cli): string[] {
  const colour = wantsColour(env, stdout);
  const width = Math.max(...findings.map(({ check }) => check.length)) + 2;
  const columns = widthOf(stdout) - markWidth - width;
  return findings.flatMap(({ check, result, text }) => {
    const [mark, code] = marks[result];
    const head = `${tinted(mark, code, colour)}${' '.repeat(markWidth - mark.length)}${check.padEnd(width)}`;
    return wrapText(text, columns).map((line, index) => `${index === 0 ? head : ' '.repeat(markWidth + width)}${line}`);
  });
}
