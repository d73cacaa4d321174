import { mostInstances } from '@flotilla/fleet/config';
import type { FleetReport, ProcessReport } from '@flotilla/fleet/control';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { type Answer, answer } from './answer.ts';
import { awaitEnd, awaitState } from './await-state.ts';
import { oneRunning } from './find-running.ts';

/** `flotilla start`, and `stop` with names. */
export function changeProcesses(action: 'start' | 'stop', given: Given, cli: Cli): Promise<number> {
  return answer(given, cli, async () => {
    const { client, report } = await oneRunning(given, cli, given.words);
    const names: string[] = [];
    for (const name of namedOrAll(given, report)) names.push(...(await client.act(action, name)));
    const goal = action === 'stop' ? 'stopped' : 'ready';
    const processes = await awaitState(client, cli.clock, names, goal, new Map());
    return { json: { processes }, text: processes.map(describe) };
  });
}

/** `flotilla restart`: instances of one program one after the other, so that some of them always answer. */
export function restartProcesses(given: Given, cli: Cli): Promise<number> {
  return answer(given, cli, async () => {
    const { client, report } = await oneRunning(given, cli, given.words);
    const before = new Map(report.processes.map(({ name, pid }) => [name, pid]));
    const restartAll = async (name: string): Promise<readonly ProcessReport[]> => {
      const instances = report.processes.filter(({ program }) => program === name).map((process) => process.name);
      const turns = instances.length < 2 ? [name] : instances.map((each) => (each === name ? `${name}-1` : each));
      const done: ProcessReport[] = [];
      for (const each of turns) {
        const asked = await client.act('restart', each);
        done.push(...(await awaitState(client, cli.clock, asked, 'ready', before)));
      }
      return done;
    };
    const names = namedOrAll(given, report);
    const processes: ProcessReport[] = [];
    for (const name of names.filter((each) => !isKnown(each, report))) processes.push(...(await restartAll(name)));
    const known = names.filter((each) => isKnown(each, report));
    processes.push(...(await Promise.all(known.map(restartAll))).flat());
    return { json: { processes }, text: processes.map(describe) };
  });
}

/** `flotilla stop` without a name: the whole fleet. */
export function stopFleet(given: Given, cli: Cli): Promise<number> {
  return answer(given, cli, async () => {
    const { client, report } = await oneRunning(given, cli, []);
    const beganMs = cli.clock.monotonicMs();
    const hurry = given.has('--now');
    await client.stopAll(false);
    if (hurry) await client.stopAll(true);
    await awaitEnd(client, cli.clock);
    const tookMs = Math.round(cli.clock.monotonicMs() - beganMs);
    return {
      json: { stopped: { pid: report.pid, tookMs } },
      text: [`the fleet has stopped (${(tookMs / 1000).toFixed(1)} s)`],
    };
  });
}

interface ScaleWish {
  readonly program: string;
  readonly instances: number;
}

/** `flotilla scale <program>=<number>…`. */
export function scalePrograms(given: Given, cli: Cli): Promise<number> {
  const wishes = given.words.map(readScale);
  return answer(given, cli, async (): Promise<Answer> => {
    const { client, report: before } = await oneRunning(
      given,
      cli,
      wishes.map(({ program }) => program),
    );
    for (const { program, instances } of doubtfulFirst(wishes, before)) await client.scale(program, instances);
    const programs = new Set(wishes.map(({ program }) => program));
    const report = await client.report();
    // Those beyond the number have their last moments.
    const names = report.processes
      .filter(({ program, state }) => programs.has(program) && state !== 'stopping')
      .map(({ name }) => name);
    const processes = await awaitState(client, cli.clock, names, 'ready', new Map());
    return { json: { processes }, text: processes.map(describe) };
  });
}

function readScale(word: string): ScaleWish {
  const [program = '', count = '', ...more] = word.split('=');
  if (program === '' || !/^\d{1,4}$/.test(count) || more.length > 0) {
    throw new Mistake(`"${word}" is not expected here. Write name=number, for example: flotilla scale order-service=3`);
  }
  return { program, instances: Number(count) };
}

/** Names that may be unknown come first: if the fleet refuses them, nothing has changed yet. */
function namedOrAll({ words }: Given, report: FleetReport): readonly string[] {
  const names = [...new Set(words.length > 0 ? words : report.processes.map(({ program }) => program))];
  return names.toSorted((a, b) => Number(isKnown(a, report)) - Number(isKnown(b, report)));
}

function isKnown(wanted: string, { processes }: FleetReport): boolean {
  return processes.some(({ name, program }) => name === wanted || program === wanted);
}

/** What the fleet may refuse comes first, for the same reason. */
function doubtfulFirst(wishes: readonly ScaleWish[], { processes }: FleetReport): readonly ScaleWish[] {
  const isSure = ({ program, instances }: ScaleWish): boolean =>
    processes.some((process) => process.program === program && process.role !== 'registry') &&
    instances >= 1 &&
    instances <= mostInstances;
  return wishes.toSorted((a, b) => Number(isSure(a)) - Number(isSure(b)));
}

function describe({ name, state, url }: ProcessReport): string {
  return url === null ? `${name} is ${state}` : `${name} is ${state}: ${url}`;
}
