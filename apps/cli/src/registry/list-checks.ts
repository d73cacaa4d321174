import { printableText } from '@flotilla/kit/printable-text';
import { wantsColour } from '@flotilla/kit/terminal';
import { cutToWidth } from '@flotilla/kit/text-width';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf, shortTime } from '../output/short-values.ts';
import { textTable } from '../output/text-table.ts';
import { tinted } from '../output/tinted.ts';
import { answer } from '../running/answer.ts';
import { RegistryCalls } from './registry-calls.ts';
import { statusColours } from './status-colours.ts';

/** A check as the registry shows it. Fields are missing where it is of another release. */
export interface ShownCheck {
  readonly name?: string;
  readonly id?: string;
  readonly check?: string;
  readonly type?: string;
  readonly status?: string;
  readonly output?: string;
  readonly changed_at?: string;
}

const statuses = ['passing', 'warning', 'critical', 'maintenance'];

/** `flotilla checks`. */
export async function listChecks(given: Given, cli: Cli): Promise<number> {
  const [service] = given.words;
  const status = given.value('--status');
  if (status !== undefined && !statuses.includes(status))
    throw new Mistake(`--status ${status}: choose one of: ${statuses.join(', ')}.`);
  const calls = await RegistryCalls.of(given, cli);
  return answer(given, cli, async () => {
    const query = new URLSearchParams({
      ...(service === undefined ? {} : { service }),
      ...(status === undefined ? {} : { status }),
    });
    const { items } = await calls.list(`checks?${query.toString()}`);
    // The registry's own list; what is missing in one shows as blank.
    const checks = items as readonly ShownCheck[];
    const json = { registry: calls.url.origin, checks };
    const of = `${service === undefined ? '' : ` of ${service}`}${status === undefined ? '' : ` that is ${status}`}`;
    if (checks.length === 0) return { json, text: [`There is no check${of} at ${calls.url.origin}.`] };
    const colour = wantsColour(cli.env, cli.stdout);
    const columns = columnsOf(cli.stdout);
    const table = textTable<ShownCheck>(
      [
        { title: 'SERVICE', cell: ({ name = '' }) => name },
        { title: 'INSTANCE', cell: ({ id = '' }) => id, expendable: 2 },
        { title: 'CHECK', cell: ({ check = '' }) => check },
        { title: 'TYPE', cell: ({ type = '' }) => type, expendable: 3 },
        { title: 'STATUS', cell: ({ status: now = '' }) => tinted(now, statusColours[now] ?? 0, colour) },
        { title: 'SINCE', cell: ({ changed_at: changed = '' }) => ageOf(changed, cli), right: true, expendable: 1 },
      ],
      checks,
      columns,
      ({ output = '' }) => outputLines(output, (columns ?? 120) - 4),
    );
    return { json, text: table };
  });
}

/** What a check said, on a line of its own below it. */
function outputLines(output: string, width: number): readonly string[] {
  const [first = ''] = output.trim().split('\n', 1);
  return first === '' ? [] : [`    ${cutToWidth(printableText(first), width)}`];
}

function ageOf(time: string, cli: Cli): string {
  const ageMs = cli.clock.now() - Date.parse(time);
  return Number.isNaN(ageMs) ? '' : shortTime(Math.max(0, ageMs));
}
