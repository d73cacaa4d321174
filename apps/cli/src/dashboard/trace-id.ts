import { Mistake } from '../arguments/mistake.ts';

/** The trace id in what somebody has copied: the id itself, or a `traceparent`. */
export function readTraceId(text: string): string {
  const id = /^(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?$/i.exec(text.trim())?.[1];
  if (id !== undefined) return id.toLowerCase();
  throw new Mistake(
    `"${text}" is not a trace id, which is 32 digits and letters from a to f: in the answer's header x-trace-id, in a log line, or in the list of "flotilla trace"`,
  );
}

/** Why nothing is found, and what helps. */
export function noSuchTrace(id: string): string {
  return `The dashboard has nothing of the trace ${id}: it was not sampled, is older than what is kept, or is younger than a second. List the last ones: flotilla trace`;
}
