import { type RequestReading, type ResponseReading, readRequests, readResponse } from '@flotilla/http1/conformance';
import type { Question } from './generate.ts';
import type { NodeMessage, NodeReading } from './node-oracle.ts';
import type { Random } from './random.ts';

/** What one comparison showed; `problem` is what must not be. */
export interface Verdict {
  readonly problem: string | undefined;
  /** Whether a message was read, so that the run can tell how many of its inputs were worth anything. */
  readonly accepted: boolean;
}

const fail = (problem: string): Verdict => ({ problem, accepted: true });

/**
 * Never more lenient than Node, never another reading of what both accept, and the same reading in any split. What the codec
 * reads though Node refuses it has a plain form that is compared instead: see `plainForm`.
 */
export function compareRequests(bytes: string, node: NodeReading, random: Random): Verdict {
  const whole = Buffer.from(bytes, 'latin1');
  const ours = readRequests([whole]);
  if (summary(ours) !== summary(readRequests(split(whole, random)))) return fail('a split changed the reading');
  for (const [i, { head, body, trailers, complete }] of ours.requests.entries()) {
    const theirs = node.messages[i];
    const line = `${head.method} ${head.target} 1.${head.minor}`;
    if (theirs === undefined) return fail(`request ${i} was read, but Node refused it with ${node.error}`);
    const problem = difference({ line, rawHeaders: head.fields, body, rawTrailers: trailers, complete }, theirs);
    if (problem !== undefined && (complete || ours.refused === undefined)) return fail(`request ${i}: ${problem}`);
  }
  const accepted = ours.requests.length > 0;
  if (ours.refused !== undefined || ours.at === 'closed') return { problem: undefined, accepted };
  if (node.messages.length > ours.requests.length) return fail('Node read another request');
  // Within a head Node may know already what we say at its end; nothing was accepted.
  if (ours.at !== 'head' && isRefusal(node.error)) return fail(`nothing was refused, but Node said ${node.error}`);
  return { problem: undefined, accepted };
}

export function compareResponse(bytes: string, question: Question, node: NodeReading, random: Random): Verdict {
  const whole = Buffer.from(bytes, 'latin1');
  const offered = question.upgrade ? ['websocket'] : [];
  const ours = readResponse([whole], question.method, offered);
  if (summary(ours) !== summary(readResponse(split(whole, random), question.method, offered))) {
    return fail('a split changed the reading');
  }
  for (const [i, head] of ours.heads.entries()) {
    const theirs = node.messages[i];
    const last = i === ours.heads.length - 1 && !head.informational;
    if (theirs === undefined) return fail(`response ${i} was read, but Node refused it with ${node.error}`);
    const problem = difference(
      {
        line: `${head.status} ${head.reasonPhrase}`,
        rawHeaders: head.fields,
        body: last ? ours.body : '',
        rawTrailers: last ? ours.trailers : [],
        complete: !last || ours.at === 'end',
      },
      theirs,
    );
    if (problem !== undefined && (!last || ours.refused === undefined)) return fail(`response ${i}: ${problem}`);
  }
  return { problem: undefined, accepted: ours.heads.length > 0 };
}

/** Framing and connection are what the odd forms are about; what is read in their plain form is compared with Node's. */
const ABOUT_FRAMING = /^(?:content-length|transfer-encoding|connection|proxy-connection)$/i;

/** Whether the codec reads the same messages out of both, apart from the fields that the odd forms are about. */
export function readsTheSame(bytes: string, plain: string, question: Question | undefined): boolean {
  return essence(bytes, question) === essence(plain, question);
}

function essence(bytes: string, question: Question | undefined): string {
  const chunks = [Buffer.from(bytes, 'latin1')];
  const fieldsOf = (fields: readonly string[]): readonly string[] =>
    fields.filter((_, i) => !ABOUT_FRAMING.test(fields[i - (i % 2)] ?? ''));
  if (question === undefined) {
    const { requests, refused, at } = readRequests(chunks);
    return JSON.stringify([
      requests.map(({ head, ...rest }) => [
        head.method,
        head.target,
        head.host,
        head.minor,
        fieldsOf(head.fields),
        rest,
      ]),
      [refused, at],
    ]);
  }
  const { heads, taken: _, ...rest } = readResponse(chunks, question.method, question.upgrade ? ['websocket'] : []);
  return JSON.stringify([
    heads.map(({ status, reasonPhrase, fields }) => [status, reasonPhrase, fieldsOf(fields)]),
    rest,
  ]);
}

function difference(ours: NodeMessage, theirs: NodeMessage): string | undefined {
  if (ours.line !== theirs.line) return `start line ${JSON.stringify(ours.line)}, Node ${JSON.stringify(theirs.line)}`;
  if (!sameList(ours.rawHeaders, theirs.rawHeaders)) return `fields differ: Node ${JSON.stringify(theirs.rawHeaders)}`;
  if (ours.complete !== theirs.complete) return `complete: ${ours.complete}, Node ${theirs.complete}`;
  if (ours.body !== theirs.body) return `body ${JSON.stringify(ours.body)}, Node ${JSON.stringify(theirs.body)}`;
  if (!sameList(ours.rawTrailers, theirs.rawTrailers))
    return `trailers differ: Node ${JSON.stringify(theirs.rawTrailers)}`;
  return undefined;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** The end of the input inside a message is no refusal. */
function isRefusal(error: string | undefined): boolean {
  return error !== undefined && error !== 'HPE_INVALID_EOF_STATE';
}

function split(whole: Buffer, random: Random): Buffer[] {
  const longest = random.pick([1, 4, 16, 64]);
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; ) {
    const size = 1 + random.below(longest);
    pieces.push(whole.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

function summary(reading: RequestReading | ResponseReading): string {
  // After a refusal the position differs by nothing that matters, but must be the same too.
  return JSON.stringify(reading);
}
