import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { configurationExitCode } from '../help/exit-codes.ts';
import { columnsOf } from '../output/short-values.ts';
import { type Column, textTable } from '../output/text-table.ts';
import { answer } from '../running/answer.ts';
import { NotRunning } from '../running/find-running.ts';
import { findFleet } from '../up/find-fleet.ts';
import { askRoutes, type PrintedRoute } from './ask-routes.ts';

/** `flotilla routes`. */
export async function showRoutes(given: Given, cli: Cli): Promise<number> {
  const fleet = await findFleet(given, cli);
  if (fleet === undefined) return configurationExitCode;
  return answer(given, cli, async () => {
    const gateway = fleet.programs.find(({ role }) => role === 'gateway');
    if (gateway === undefined)
      throw new NotRunning('This fleet has no gateway, so it has no routes.', configurationExitCode);
    const asked = await askRoutes(gateway, cli.env);
    if (!asked.ok) throw new NotRunning(asked.problem, configurationExitCode);
    const wanted = given.value('--service');
    const routes = asked.routes.filter(({ services }) => wanted === undefined || services.includes(wanted));
    const columns: readonly Column<PrintedRoute>[] = [
      { title: 'PATH', cell: ({ match }) => match },
      { title: 'METHODS', cell: ({ methods }) => methods?.join(' ') ?? 'all' },
      { title: 'SERVICES', cell: ({ services }) => services.join(', ') },
      { title: 'ASKED FOR', cell: ({ rewrite }) => rewrite ?? '', expendable: 2 },
      { title: 'POLICIES', cell: ({ policies }) => policies.join(', '), expendable: 1 },
    ];
    const kept = columns.filter(
      ({ cell, expendable }) => expendable === undefined || routes.some((route) => cell(route) !== ''),
    );
    const none = wanted === undefined ? 'The gateway has no routes.' : `No route asks ${wanted}.`;
    const text = routes.length === 0 ? [none] : textTable(kept, routes, columnsOf(cli.stdout));
    return { json: { file: asked.file, routes }, text };
  });
}
