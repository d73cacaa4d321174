import type { ServiceInstance } from '@flotilla/contracts';
import { wantsColour } from '@flotilla/kit/terminal';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf, shortTime } from '../output/short-values.ts';
import { type Column, textTable } from '../output/text-table.ts';
import { tinted } from '../output/tinted.ts';
import { answer } from '../running/answer.ts';
import { NotRunning } from '../running/find-running.ts';
import { askRegistry } from './ask-registry.ts';
import { findRegistry } from './find-registry.ts';

const statusColours: Readonly<Record<string, number>> = { passing: 32, warning: 33, critical: 31, maintenance: 33 };

/** `flotilla services`. */
export async function showServices(given: Given, cli: Cli): Promise<number> {
  const registry = await findRegistry(given, cli);
  return answer(given, cli, async () => {
    const asked = await askRegistry(registry, '/services');
    if (!asked.ok) {
      const advice = 'Start the fleet: flotilla up; or name another registry: --registry http://host:8500';
      throw new NotRunning(`Cannot reach the registry at ${registry.origin}: ${asked.reason}. ${advice}`);
    }
    // Our own registry's list of instances; what is missing in one shows as blank.
    const instances = (Array.isArray(asked.value) ? asked.value : []) as readonly Partial<ServiceInstance>[];
    const wanted = given.words;
    const shown = instances.filter(({ name = '' }) => wanted.length === 0 || wanted.includes(name));
    const colour = wantsColour(cli.env, cli.stdout);
    const columns: readonly Column<Partial<ServiceInstance>>[] = [
      { title: 'SERVICE', cell: ({ name = '' }) => name },
      { title: 'INSTANCE', cell: ({ id = '' }) => id, expendable: 2 },
      {
        title: 'ADDRESS',
        cell: ({ address = '', port = '' }) => `${address.includes(':') ? `[${address}]` : address}:${port}`,
      },
      { title: 'STATUS', cell: ({ status = '' }) => tinted(status, statusColours[status] ?? 0, colour) },
      {
        title: 'SEEN',
        cell: ({ last_seen: seen = '' }) => {
          const ageMs = cli.clock.now() - Date.parse(seen);
          return Number.isNaN(ageMs) ? '' : `${shortTime(Math.max(0, ageMs))} ago`;
        },
        right: true,
        expendable: 1,
      },
    ];
    const none = wanted.length === 0 ? 'No service is registered' : `No instance of ${wanted.join(', ')} is registered`;
    const text =
      shown.length === 0 ? [`${none} at ${registry.origin}.`] : textTable(columns, shown, columnsOf(cli.stdout));
    return { json: { registry: registry.origin, instances: shown }, text };
  });
}
