import { pause } from '@flotilla/contracts/time';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf } from '../output/short-values.ts';
import { Failed, failureOf } from '../running/answer.ts';
import type { RegistryCalls } from './registry-calls.ts';
import { eventsIn } from './sent-events.ts';
import { keyIn, keysIn, shortValue } from './stored-key.ts';

/** The wait before the next try when the connection is lost. */
const againMs = 1_000;

/** `flotilla kv watch`: prints each change until Ctrl-C, over any loss of the connection. */
export async function watchKeys(calls: RegistryCalls, given: Given, cli: Cli, prefix: string): Promise<number> {
  const json = given.has('--json');
  const end = new AbortController();
  cli.onStopRequest(() => end.abort());
  const width = columnsOf(cli.stdout) ?? 200;
  let from: number | undefined;
  let wasThere = false;
  while (!end.signal.aborted) {
    try {
      const query = new URLSearchParams({ prefix, ...(from === undefined ? {} : { from: String(from) }) });
      for await (const event of eventsIn(await calls.stream(`kv-watch?${query.toString()}`, end.signal))) {
        wasThere = true;
        from = event.revision ?? from;
        // Nothing that follows this place is known any more: the next stream begins with all there is.
        if (event.type === 'reset') from = undefined;
        if (json && event.type !== 'bookmark') cli.stdout.write(`${JSON.stringify(event.value)}\n`);
        else for (const line of linesOf(event, prefix, width)) cli.stdout.write(`${line}\n`);
      }
    } catch (error) {
      if (end.signal.aborted) return 0;
      if (isOver(error, wasThere)) return fail(error, json, cli);
      if (from !== undefined && error instanceof Failed && error.code === 'REVISION_COMPACTED') from = undefined;
    }
    if (end.signal.aborted) return 0;
    cli.stderr.write('flotilla: lost the connection to the registry; trying again\n');
    await pause(cli.clock, againMs, end.signal);
  }
  return 0;
}

/** What a person has to know before there is anything to see, and what the registry refuses. */
function isOver(error: unknown, wasThere: boolean): boolean {
  if (!wasThere) return true;
  return error instanceof Failed && error.code !== 'REVISION_COMPACTED';
}

function fail(error: unknown, json: boolean, cli: Cli): number {
  const { code, message, exitCode } = failureOf(error);
  if (json) cli.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else cli.stderr.write(`flotilla: ${message}\n`);
  return exitCode;
}

function linesOf(event: { readonly type: string; readonly value: object }, prefix: string, width: number): string[] {
  switch (event.type) {
    case 'snapshot': {
      const keys = keysIn('records' in event.value ? event.value.records : []);
      const below = prefix === '' ? '' : ` below ${prefix}`;
      return [`Watching ${keys.length} ${keys.length === 1 ? 'key' : 'keys'}${below}. Ctrl-C ends it.`];
    }
    case 'put': {
      const record = keyIn('record' in event.value ? event.value.record : undefined);
      return record === undefined
        ? []
        : [`put     ${record.key}  ${shortValue(record, Math.max(12, width - record.key.length - 10))}`];
    }
    case 'delete':
      return [`delete  ${'key' in event.value ? String(event.value.key) : ''}`];
    default:
      return [];
  }
}
