import { type Column, textTable } from '../output/text-table.ts';
import type { ToldRoute } from './gateway-answers.ts';

/** The routes as a table. `service`: those that were asked for. */
export function routeLines(
  routes: readonly ToldRoute[],
  service: string | undefined,
  width: number | undefined,
): readonly string[] {
  if (routes.length === 0) return [service === undefined ? 'The gateway has no routes.' : `No route calls ${service}.`];
  const columns: readonly Column<ToldRoute>[] = [
    { title: 'PATH', cell: ({ match }) => match },
    { title: 'METHODS', cell: ({ methods }) => methods?.join(' ') ?? 'all' },
    { title: 'SERVICES', cell: ({ services }) => services.join(', ') },
    { title: 'ASKED FOR', cell: ({ rewrite }) => rewrite ?? '', expendable: 2 },
    { title: 'POLICIES', cell: ({ policies }) => policies.map(({ kind }) => kind).join(', '), expendable: 1 },
  ];
  const kept = columns.filter(
    ({ cell, expendable }) => expendable === undefined || routes.some((route) => cell(route) !== ''),
  );
  return textTable(kept, routes, width);
}
