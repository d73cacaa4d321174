import type { LogPage, LogRow } from '@flotilla/dashboard/wire';
import { printableJson, printableText } from '@flotilla/kit/printable-text';
import { wantsColour } from '@flotilla/kit/terminal';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { FleetOutput } from '../output/fleet-output.ts';
import { Failed, failureOf } from '../running/answer.ts';
import { readTail } from '../running/show-logs.ts';
import { askDashboard } from './ask-dashboard.ts';
import { type FoundDashboard, findDashboard } from './find-dashboard.ts';
import { noSuchTrace, readTraceId } from './trace-id.ts';

/** As many as the dashboard gives at once: more than a request has. */
const most = 1_000;

/** `flotilla logs --trace`: the lines of all programs that belong to one request. */
export async function showTraceLogs(given: Given, cli: Cli): Promise<number> {
  const id = readTraceId(given.value('--trace') ?? '');
  if (given.has('--follow'))
    throw new Mistake('--trace shows what is kept of a request that is over: leave out --follow');
  // All of a request, unless somebody asks for less.
  const tail = given.has('--tail') ? readTail(given.value('--tail')) : most;
  const json = given.has('--json');
  try {
    const dashboard = await findDashboard(given, cli);
    const rows = await rowsOf(dashboard, given, id);
    const shown = rows.slice(Math.max(0, rows.length - tail));
    if (json) for (const row of shown) cli.stdout.write(`${printableJson(JSON.stringify(row))}\n`);
    else print(shown, dashboard, given, cli);
    return 0;
  } catch (error) {
    const { code, message, exitCode } = failureOf(error);
    if (json) cli.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    else cli.stderr.write(`flotilla: ${message}\n`);
    return exitCode;
  }
}

/** The lines, oldest first. */
async function rowsOf(dashboard: FoundDashboard, given: Given, id: string): Promise<readonly LogRow[]> {
  const query = new URLSearchParams({ trace_id: id, limit: String(most) });
  // What our own dashboard of the same version sends.
  const page = (await askDashboard(dashboard, `/api/logs?${query.toString()}`)) as LogPage | undefined;
  const names = new Set(given.words);
  const rows = (page?.logs ?? []).filter(
    ({ service, instanceId }) => names.size === 0 || names.has(service) || names.has(instanceId ?? ''),
  );
  if (rows.length > 0) return rows.toSorted((one, other) => one.atMs - other.atMs || one.id - other.id);
  if ((page?.logs ?? []).length > 0)
    throw new Failed(`None of the lines of the trace is of ${[...names].join(', ')}.`, 'NO_SUCH_LINES');
  const trace = await askDashboard(dashboard, `/api/traces/${id}`);
  throw trace === undefined
    ? new Failed(noSuchTrace(id), 'NO_SUCH_TRACE')
    : new Failed(`No program has logged anything for the trace. See its spans: flotilla trace ${id}`, 'NO_SUCH_LINES');
}

/** As `flotilla logs` prints the same lines: with the names, widths and colours of the fleet, if it is known. */
function print(rows: readonly LogRow[], { processes }: FoundDashboard, given: Given, cli: Cli): void {
  const known = new Set(processes);
  // Whoever sends telemetry names itself: not only the fleet's own, whose names are checked.
  const nameOf = ({ service, instanceId }: LogRow): string =>
    instanceId !== undefined && known.has(instanceId) ? instanceId : printableText(service);
  const output = new FleetOutput({
    names: [...new Set([...processes, ...rows.map(nameOf)])],
    stdout: cli.stdout,
    stderr: cli.stderr,
    colour: { stdout: wantsColour(cli.env, cli.stdout), stderr: wantsColour(cli.env, cli.stderr) },
    format: 'pretty',
    detail: given.has('--verbose') ? 'full' : 'brief',
  });
  for (const row of rows) output.show(nameOf(row), 'stdout', lineOf(row));
}

/** The line as its program could have written it, with OpenTelemetry's names, under which the dashboard keeps the fields. */
function lineOf({ atMs, level, service, instanceId, message, fields, traceId, spanId }: LogRow): string {
  const { 'otel.scope.name': scope, ...ours } = fields;
  return JSON.stringify({
    ...{ timestamp: new Date(atMs).toISOString(), severity_text: level, body: message },
    ...{ trace_id: traceId, span_id: spanId },
    // What all of ours have says nothing.
    attributes: scope === 'flotilla' ? ours : fields,
    resource: { 'service.name': service, 'service.instance.id': instanceId },
  });
}
