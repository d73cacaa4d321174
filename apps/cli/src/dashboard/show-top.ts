import type { Overview } from '@flotilla/dashboard/wire';
import { wantsColour } from '@flotilla/kit/terminal';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { LiveScreen } from '../output/live-screen.ts';
import { columnsOf } from '../output/short-values.ts';
import { answer, Failed, failureOf } from '../running/answer.ts';
import { askDashboard } from './ask-dashboard.ts';
import { type FoundDashboard, findDashboard } from './find-dashboard.ts';
import { topLines } from './top-lines.ts';

/** How often the figures are asked for: the dashboard makes them once a second. */
const everyMs = 1_000;

/** `flotilla top`: live in a terminal, once otherwise. */
export async function showTop(given: Given, cli: Cli): Promise<number> {
  const isLive =
    cli.stdout.isTTY === true && cli.env['TERM'] !== 'dumb' && !given.has('--json') && !given.has('--once');
  if (isLive) return watchTop(given, cli);
  return answer(given, cli, async () => {
    const overview = await overviewOf(await findDashboard(given, cli));
    const options = { columns: columnsOf(cli.stdout), rows: undefined, colour: wantsColour(cli.env, cli.stdout) };
    return { json: overview, text: topLines(overview, options) };
  });
}

async function watchTop(given: Given, cli: Cli): Promise<number> {
  const { stdout, stderr, clock } = cli;
  const colour = wantsColour(cli.env, stdout);
  const stopped = Promise.withResolvers<undefined>();
  let isStopped = false;
  cli.onStopRequest(() => {
    isStopped = true;
    stopped.resolve(undefined);
  });
  let shown: Overview | undefined;
  let trouble: string | undefined;
  let screen: LiveScreen | undefined;
  try {
    const dashboard = await findDashboard(given, cli);
    shown = await overviewOf(dashboard);
    screen = new LiveScreen({ stdout, stderr }, ({ columns, rows }) =>
      shown === undefined ? [] : topLines(shown, { columns: columns - 1, rows: rows - 1, colour, trouble }),
    );
    screen.update();
    while (!isStopped) {
      const pause = new Promise<undefined>((resolve) => void clock.after(everyMs, () => resolve(undefined)));
      await Promise.race([keepAlive(pause), stopped.promise]);
      if (isStopped) break;
      try {
        shown = await overviewOf(dashboard);
        trouble = undefined;
      } catch (error) {
        // It may come back: the last figures stay.
        trouble = failureOf(error).message;
      }
      screen.update();
    }
    return 0;
  } catch (error) {
    const { message, exitCode } = failureOf(error);
    stderr.write(`flotilla: ${message}\n`);
    return exitCode;
  } finally {
    screen?.close();
    // What was seen last stays in the terminal.
    if (screen !== undefined && shown !== undefined)
      stdout.write(`${topLines(shown, { columns: columnsOf(stdout), rows: undefined, colour }).join('\n')}\n`);
  }
}

/** The clock's timers keep no process alive, and between two questions there is nothing else. */
async function keepAlive<T>(wait: Promise<T>): Promise<T> {
  const alive = setInterval(() => undefined, 60_000);
  try {
    return await wait;
  } finally {
    clearInterval(alive);
  }
}

async function overviewOf(dashboard: FoundDashboard): Promise<Overview> {
  // What our own dashboard of the same version sends.
  const overview = (await askDashboard(dashboard, '/api/overview')) as Overview | undefined;
  if (overview === undefined) throw new Failed(`${dashboard.url.origin} is no dashboard. Check the address.`);
  return overview;
}
