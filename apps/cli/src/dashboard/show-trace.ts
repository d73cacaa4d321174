import type { RequestPage, RequestRow, Trace } from '@flotilla/dashboard/wire';
import { printableText } from '@flotilla/kit/printable-text';
import { wantsColour } from '@flotilla/kit/terminal';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf } from '../output/short-values.ts';
import { type Column, textTable } from '../output/text-table.ts';
import { tinted } from '../output/tinted.ts';
import { type Answer, answer, Failed } from '../running/answer.ts';
import { askDashboard } from './ask-dashboard.ts';
import { type FoundDashboard, findDashboard } from './find-dashboard.ts';
import { noSuchTrace, readTraceId } from './trace-id.ts';
import { hasUnicode } from './unicode.ts';
import { aboutTrace, shortDuration, waterfall } from './waterfall.ts';

/** As wide as a file may be that somebody reads later. */
const usualColumns = 100;
const narrowest = 40;
/** As many as a terminal shows. */
const listed = 20;

/** `flotilla trace`. */
export function showTrace(given: Given, cli: Cli): Promise<number> {
  const [word] = given.words;
  // Before the dashboard is looked for: a mistake is one all the same.
  const id = word === undefined ? undefined : readTraceId(word);
  return answer(given, cli, async () => {
    const dashboard = await findDashboard(given, cli);
    return id === undefined ? lastRequests(dashboard, given, cli) : oneTrace(dashboard, id, cli);
  });
}

async function oneTrace(dashboard: FoundDashboard, id: string, cli: Cli): Promise<Answer> {
  // What our own dashboard of the same version sends.
  const trace = (await askDashboard(dashboard, `/api/traces/${id}`)) as Trace | undefined;
  if (trace === undefined) throw new Failed(noSuchTrace(id), 'NO_SUCH_TRACE');
  const options = {
    columns: Math.max(narrowest, columnsOf(cli.stdout) ?? usualColumns),
    colour: wantsColour(cli.env, cli.stdout),
    unicode: hasUnicode(cli.env),
  };
  const { head, foot } = aboutTrace(trace, options);
  return { json: trace, text: [...head, ...waterfall(trace, options), ...foot] };
}

async function lastRequests(dashboard: FoundDashboard, given: Given, cli: Cli): Promise<Answer> {
  const query = new URLSearchParams({ limit: String(listed) });
  for (const [option, name] of [
    ['--service', 'service'],
    ['--status', 'status'],
  ] as const) {
    const value = given.value(option);
    if (value !== undefined) query.set(name, value);
  }
  // What programs ask each other by themselves hides what people ask.
  if (!query.has('service')) query.set('at', 'gateway');
  // As above.
  const page = (await askDashboard(dashboard, `/api/requests?${query.toString()}`)) as RequestPage | undefined;
  const requests = page?.requests ?? [];
  const colour = wantsColour(cli.env, cli.stdout);
  const table: readonly Column<RequestRow>[] = [
    { title: 'TRACE', cell: ({ traceId }) => traceId },
    { title: 'STATUS', cell: ({ status, failed }) => tinted(String(status), failed ? 31 : 32, colour), right: true },
    { title: 'TOOK', cell: ({ durationMs }) => shortDuration(durationMs), right: true },
    { title: 'TIME', cell: ({ atMs }) => new Date(atMs).toTimeString().slice(0, 8), expendable: 2 },
    { title: 'SERVICE', cell: ({ service }) => printableText(service), expendable: 3 },
    { title: 'REQUEST', cell: ({ method, path }) => printableText(`${method} ${path}`), expendable: 1 },
  ];
  const none = ['No requests yet. Send one, and look again: they arrive within a second.'];
  return { json: { requests }, text: requests.length === 0 ? none : textTable(table, requests, columnsOf(cli.stdout)) };
}
