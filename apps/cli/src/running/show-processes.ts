import { wantsColour } from '@flotilla/kit/terminal';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf, shortTime } from '../output/short-values.ts';
import { answer } from './answer.ts';
import { allRunning } from './find-running.ts';
import { processTable } from './process-table.ts';

/** `flotilla ps`. */
export function showProcesses(given: Given, cli: Cli): Promise<number> {
  return answer(given, cli, async () => {
    const running = await allRunning(given, cli);
    const fleets = await Promise.all(running.map(({ client }) => client.report({ usage: true })));
    const options = { columns: columnsOf(cli.stdout), colour: wantsColour(cli.env, cli.stdout) };
    const text = fleets.flatMap(({ pid, uptimeMs, processes }, index) => [
      ...(fleets.length === 1 ? [] : [`${index === 0 ? '' : '\n'}Fleet ${pid}, for ${shortTime(uptimeMs)}`]),
      ...processTable(processes, options),
    ]);
    return { json: { fleets }, text };
  });
}
