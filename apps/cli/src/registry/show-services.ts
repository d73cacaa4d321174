import type { ServiceInstance } from '@flotilla/contracts';
import { wantsColour } from '@flotilla/kit/terminal';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf, shortTime } from '../output/short-values.ts';
import { type Column, textTable } from '../output/text-table.ts';
import { tinted } from '../output/tinted.ts';
import { wrapText } from '../output/wrap-text.ts';
import { answer, Failed } from '../running/answer.ts';
import type { ShownCheck } from './list-checks.ts';
import { RegistryCalls } from './registry-calls.ts';
import { statusColours } from './status-colours.ts';

type Instance = Partial<ServiceInstance>;

/** `flotilla services`. */
export async function showServices(given: Given, cli: Cli): Promise<number> {
  const calls = await RegistryCalls.of(given, cli);
  return answer(given, cli, async () => {
    const { items, notice } = await calls.list('services');
    // Our own registry's list of instances; what is missing in one shows as blank.
    const instances = items as readonly Instance[];
    const wanted = given.words;
    const shown = instances.filter(({ name = '' }) => wanted.length === 0 || wanted.includes(name));
    const checks = shown.length === 0 ? new Map<string, string>() : await checksOf(calls);
    const colour = wantsColour(cli.env, cli.stdout);
    const width = columnsOf(cli.stdout);
    const columns: readonly Column<Instance>[] = [
      { title: 'SERVICE', cell: ({ name = '' }) => name },
      { title: 'INSTANCE', cell: ({ id = '' }) => id, expendable: 4 },
      {
        title: 'ADDRESS',
        cell: ({ address = '', port = '' }) => `${address.includes(':') ? `[${address}]` : address}:${port}`,
      },
      {
        title: 'STATUS',
        cell: ({ status = '' }) => tinted(status, statusColours[status] ?? 0, colour),
        // The state says more, where the registry says it.
        expendable: shown.some(({ ready }) => ready === undefined) ? 0 : 1,
      },
      {
        title: 'STATE',
        cell: (one) => {
          const state = stateOf(one);
          return tinted(state, statusColours[state] ?? 0, colour);
        },
      },
      ...(checks.size === 0
        ? []
        : [
            {
              title: 'CHECKS',
              cell: ({ name = '', id = '' }: Instance) => checks.get(`${name}/${id}`) ?? '',
              expendable: 2,
            },
          ]),
      {
        title: 'SEEN',
        cell: ({ last_seen: seen = '' }) => {
          const ageMs = cli.clock.now() - Date.parse(seen);
          return Number.isNaN(ageMs) ? '' : `${shortTime(Math.max(0, ageMs))} ago`;
        },
        right: true,
        expendable: 2,
      },
    ];
    const none = wanted.length === 0 ? 'No service is registered' : `No instance of ${wanted.join(', ')} is registered`;
    const hint = wanted.length === 1 && shown.length === 0 ? [`To learn why: flotilla explain ${wanted[0]}`] : [];
    const table = shown.length === 0 ? [`${none} at ${calls.url.origin}.`, ...hint] : textTable(columns, shown, width);
    const said =
      notice === undefined ? [] : wrapText(`The registry says: ${notice}`, width ?? Number.POSITIVE_INFINITY);
    return {
      json: { registry: calls.url.origin, instances: shown, ...(notice === undefined ? {} : { notice }) },
      text: [...table, ...said],
    };
  });
}

/** Whether an instance gets new work, in a word. Blank: the registry is of a release that does not say. */
function stateOf({ ready, draining, suspect_since: suspect }: Instance): string {
  if (ready === undefined) return '';
  if (draining === true) return 'draining';
  if (suspect !== undefined) return 'suspect';
  return ready ? 'ready' : 'not ready';
}

/** How many checks of each instance pass: `2/3`. Empty where the registry has no checks. */
async function checksOf(calls: RegistryCalls): Promise<ReadonlyMap<string, string>> {
  const counts = new Map<string, { all: number; passing: number }>();
  try {
    for (const { name = '', id = '', status } of (await calls.list('checks')).items as readonly ShownCheck[]) {
      const count = counts.get(`${name}/${id}`) ?? { all: 0, passing: 0 };
      count.all += 1;
      if (status === 'passing') count.passing += 1;
      counts.set(`${name}/${id}`, count);
    }
  } catch (error) {
    // One of an earlier release, or a token that may not: the instances are shown all the same.
    if (!(error instanceof Failed)) throw error;
  }
  return new Map([...counts].map(([key, { all, passing }]) => [key, `${passing}/${all}`]));
}
