import type { LogEvent } from '@flotilla/fleet/control';
import { wantsColour } from '@flotilla/kit/terminal';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { FleetOutput } from '../output/fleet-output.ts';
import { failureOf } from './answer.ts';
import { oneRunning } from './find-running.ts';

/** Enough to see what has just happened. */
const defaultTail = 100;

/** `flotilla logs`. */
export async function showLogs(given: Given, cli: Cli): Promise<number> {
  const tail = readTail(given.value('--tail'));
  const json = given.has('--json');
  const end = new AbortController();
  cli.onStopRequest(() => end.abort());
  try {
    const { client, report } = await oneRunning(given, cli, given.words);
    const output = new FleetOutput({
      names: report.processes.map(({ name }) => name),
      stdout: cli.stdout,
      stderr: cli.stderr,
      colour: { stdout: wantsColour(cli.env, cli.stdout), stderr: wantsColour(cli.env, cli.stderr) },
      format: 'pretty',
      detail: given.has('--verbose') ? 'full' : 'brief',
    });
    const show = (event: LogEvent): void => {
      if (json) cli.stdout.write(`${JSON.stringify(event)}\n`);
      else if (event.kind === 'line') output.show(event.name, 'stdout', event.line);
      else output.say(`this terminal is too slow; ${event.lines} lines were left out`);
    };
    const wanted = { names: given.words, tail, follow: given.has('--follow') };
    for await (const event of client.logs(wanted, end.signal)) show(event);
    return 0;
  } catch (error) {
    if (end.signal.aborted) return 0;
    const { code, message, exitCode } = failureOf(error);
    if (json) cli.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    else cli.stderr.write(`flotilla: ${message}\n`);
    return exitCode;
  }
}

/** How many lines to begin with. */
export function readTail(value: string | undefined): number {
  if (value === undefined) return defaultTail;
  if (/^\d{1,6}$/.test(value)) return Number(value);
  throw new Mistake(`--tail ${value}: not a whole number of lines, for example --tail ${defaultTail}`);
}
