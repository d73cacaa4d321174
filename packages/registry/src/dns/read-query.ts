import { classes, type ResponseCode, recordTypes, responseCodes } from './dns-numbers.ts';

/** What is asked. */
export interface Question {
  /** The labels of the name, in small letters. */
  readonly labels: readonly string[];
  readonly type: number;
  readonly class: number;
  /** The question as it came: its letters come back as they were written, which resolvers check. */
  readonly bytes: Uint8Array;
}

/** What a client can take beyond RFC 1035 (RFC 6891). */
export interface Edns {
  readonly udpBytes: number;
}

/** A message that can be answered. */
export interface Query {
  readonly id: number;
  readonly opcode: number;
  readonly recursionDesired: boolean;
  readonly question: Question | undefined;
  readonly edns: Edns | undefined;
  /** Why it can only be refused. */
  readonly problem: ResponseCode | undefined;
}

const headerBytes = 12;
const maxNameBytes = 255;

/**
 * Reads a query, in whatever bytes somebody sends. Undefined: it is not to be answered at all, being an answer itself, or too
 * short to have an id.
 */
export function readQuery(message: Uint8Array): Query | undefined {
  if (message.length < headerBytes) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const flags = view.getUint16(2);
  // A response: answering it could go on for ever.
  if ((flags & 0x8000) !== 0) return undefined;
  const head = { id: view.getUint16(0), opcode: (flags >> 11) & 0xf, recursionDesired: (flags & 0x0100) !== 0 };
  const refused = (problem: ResponseCode, question?: Question): Query => ({
    ...head,
    question,
    edns: undefined,
    problem,
  });
  if (head.opcode !== 0) return refused(responseCodes.notImplemented);
  if (view.getUint16(4) !== 1) return refused(responseCodes.formatError);
  const question = readQuestion(message, view);
  if (question === undefined) return refused(responseCodes.formatError);
  const others = view.getUint16(6) + view.getUint16(8) + view.getUint16(10);
  const edns = readEdns(message, view, headerBytes + question.bytes.length, others);
  if (edns === 'malformed') return refused(responseCodes.formatError, question);
  if (edns === undefined) return { ...head, question, edns: undefined, problem: undefined };
  const problem = edns.version === 0 ? undefined : responseCodes.badVersion;
  return { ...head, question, edns: { udpBytes: edns.udpBytes }, problem };
}

function readQuestion(message: Uint8Array, view: DataView): Question | undefined {
  const labels: string[] = [];
  let at = headerBytes;
  for (;;) {
    const length = message[at];
    // A pointer in the only question points at nothing that came before it.
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    if (at + length >= message.length || at + length - headerBytes >= maxNameBytes) return undefined;
    labels.push(smallLetters(message.subarray(at, at + length)));
    at += length;
  }
  if (at + 4 > message.length) return undefined;
  const bytes = message.subarray(headerBytes, at + 4);
  return { labels, type: view.getUint16(at), class: view.getUint16(at + 2), bytes };
}

/** Names are compared without regard to the case of ASCII letters only (RFC 4343). A dot in a label is none of ours. */
function smallLetters(label: Uint8Array): string {
  let text = '';
  for (const byte of label) {
    const letter = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    text += letter === 0x2e ? '\u0000' : String.fromCharCode(letter);
  }
  return text;
}

interface FoundEdns extends Edns {
  readonly version: number;
}

/** Looks for the record that says what the client can take, among the records after the question. */
function readEdns(
  message: Uint8Array,
  view: DataView,
  start: number,
  count: number,
): FoundEdns | 'malformed' | undefined {
  let found: FoundEdns | undefined;
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const name = skipName(message, at);
    if (name === undefined || name + 10 > message.length) return 'malformed';
    const end = name + 10 + view.getUint16(name + 8);
    if (end > message.length) return 'malformed';
    if (view.getUint16(name) === recordTypes.OPT) {
      if (found !== undefined || name !== at + 1) return 'malformed';
      found = { udpBytes: view.getUint16(name + 2), version: view.getUint8(name + 5) };
    }
    at = end;
  }
  return found;
}

/** Where a name ends; a pointer ends it. */
function skipName(message: Uint8Array, start: number): number | undefined {
  let at = start;
  while (at < message.length && at - start < maxNameBytes) {
    const length = message[at] ?? 0;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    if (length > 63) return undefined;
    at += length + 1;
  }
  return undefined;
}

/** Whether a question is about names of the Internet. */
export function isInternet(question: Question): boolean {
  return question.class === classes.IN || question.class === classes.ANY;
}
