import { paint } from '../host/colour.ts';
import { textWidth } from '../host/text-width.ts';
import { type LoggedRequest, type LogLine, loggedRequest, readLogLine } from './log-line.ts';
import { printableLine, printableText } from './printable-text.ts';

const levelColours: Readonly<Record<string, number>> = {
  debug: 90,
  trace: 90,
  info: 32,
  warn: 33,
  error: 31,
  fatal: 31,
};
/** By the first digit of a status. */
const statusColours: readonly number[] = [0, 36, 32, 36, 33, 31];

/** Shown at the beginning of the line, or once by the process that collects the lines of several programs. */
const shownElsewhere = ['time', 'level', 'msg', 'service', 'instance', 'pid', 'hostname'];
/** Fields that the short form of a request contains. */
const shownByRequest = ['method', 'path', 'status', 'durationMs', 'upstreamService'];
/** Fields that the short form leaves out; only the full form shows them. */
const detailsOfRequest = ['route', 'requestBytes', 'responseBytes', 'client', 'upstreamId', 'firstByteMs'];
/** Fields that connect lines; not needed as long as there are no errors. */
const tracks = ['requestId', 'traceId', 'spanId', 'worker'];

/** Long fields, which people search for rather than read: after everything else. */
const shownLast = ['requestId', 'traceId', 'spanId'];

/** How to show a line to people. */
export interface PrettyOptions {
  readonly colour: boolean;
  /**
   * `brief`: a request takes one line, without the usual fields. `full`: every field, with the time to the millisecond.
   */
  readonly detail: 'brief' | 'full';
  /** The width of the terminal, less any prefix of the line. Default: lines are not broken. */
  readonly columns?: number | undefined;
}

/**
 * Formats a JSON log line, without its end, for people: time, level, message, then the fields, then the stacks of errors.
 * Anything else (a stack that Node printed, a usage text) stays as it is. A program on a terminal formats its own lines; in a
 * fleet the supervisor formats all of them, which spares the programs the work.
 */
export function prettyLine(line: string, options: PrettyOptions): string {
  const fields = readLogLine(line);
  return fields === undefined ? printableLine(line) : prettyFields(fields, options);
}

/** The same for a line that is already parsed. */
export function prettyFields(fields: LogLine, { colour, detail, columns }: PrettyOptions): string {
  const brief = detail === 'brief';
  const level = String(fields['level']);
  const isUsual = level === 'info';
  const tint = (text: string, code: number): string => (colour ? paint(text, code) : text);
  const request = brief ? loggedRequest(fields) : undefined;
  const head = [
    ...(columns !== undefined && columns < narrowColumns ? [] : [tint(timeOfDay(String(fields['time']), brief), 90)]),
    ...(brief && isUsual ? [] : [tint(printableText(level.toUpperCase()).padEnd(5), levelColours[level] ?? 0)]),
    request === undefined ? printableText(String(fields['msg'])) : requestText(request, tint),
  ];
  const errors = Object.entries(fields).filter(([name, value]) => errorNames.has(name) && isError(value));
  const hidden = new Set([...shownElsewhere, ...errors.map(([name]) => name)]);
  if (brief) for (const name of isUsual ? tracks : ['traceId', 'spanId']) hidden.add(name);
  if (request !== undefined) for (const name of [...shownByRequest, ...detailsOfRequest]) hidden.add(name);
  if (request !== undefined && isUsual) hidden.add('upstream');
  if (request !== undefined && fields['attempts'] === 1) hidden.add('attempts');
  const names = Object.keys(fields).filter((name) => !hidden.has(name));
  const shown = names
    .toSorted((a, b) => shownLast.indexOf(a) - shownLast.indexOf(b))
    .map((name) => `${tint(`${printableText(name)}=`, 90)}${showValue(fields[name])}`);
  const lines = layOut([head.join(' '), ...shown], columns);
  return [...lines, ...errors.flatMap(([, error]) => errorLines(error))].join('\n');
}

/** `GET /users/1 200 4 ms user-service`. */
function requestText(request: LoggedRequest, tint: (text: string, code: number) => string): string {
  const { status, durationMs, service } = request;
  const parts = [
    printableText(request.method),
    printableText(request.path),
    status === undefined ? '-' : tint(String(status), statusColours[Math.floor(status / 100)] ?? 0),
  ];
  if (durationMs !== undefined) parts.push(tint(shortDuration(durationMs), 90));
  if (service !== undefined) parts.push(printableText(service));
  return parts.join(' ');
}

function shortDuration(durationMs: number): string {
  if (durationMs >= 9_950) return `${Math.round(durationMs / 1_000)} s`;
  if (durationMs >= 999.5) return `${(durationMs / 1_000).toFixed(1)} s`;
  return durationMs < 1 ? '<1 ms' : `${Math.round(durationMs)} ms`;
}

const indent = '    ';
/** Where there is less room than this the time of day is left out. */
const narrowColumns = 40;

/**
 * Fits as many parts on a line as there is room for; breaks between fields, and between words in parts that are longer than a
 * line. A terminal would break anywhere.
 */
function layOut(parts: readonly string[], columns: number | undefined): string[] {
  if (columns === undefined) return [parts.join(' ')];
  const lines: string[] = [];
  let width = 0;
  const room = columns - indent.length;
  for (const part of parts.flatMap((each) => (textWidth(each) > room ? each.split(' ') : [each]))) {
    const partWidth = textWidth(part);
    const last = lines.at(-1);
    if (last === undefined || width + 1 + partWidth > columns) {
      lines.push(last === undefined ? part : `${indent}${part}`);
      width = (last === undefined ? 0 : indent.length) + partWidth;
    } else {
      lines[lines.length - 1] = `${last} ${part}`;
      width += 1 + partWidth;
    }
  }
  return lines;
}

/** Local time of day, so that readers can compare it with their clock. */
function timeOfDay(time: string, brief: boolean): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return printableText(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return brief ? seconds : `${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function showValue(value: unknown): string {
  const text = typeof value === 'string' && /^[^\s"=\p{Cc}]+$/u.test(value) ? value : JSON.stringify(value);
  return printableText(text ?? String(value));
}

/** The fields of a line that contain errors. */
const errorNames = new Set(['err', 'error']);
/** Fields of an error that its stack already contains, or that follow below it. */
const saidByStack = new Set(['type', 'message', 'stack', 'cause', 'errors']);

function isError(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('stack' in value || 'message' in value);
}

/** The error's stack, or its message, indented, and its other fields; causes and aggregated errors follow below it. */
function errorLines(error: unknown, lead = '', depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  // Only read, and checked here.
  const { stack, type, message, cause, errors } = error as Partial<
    Record<'stack' | 'type' | 'message' | 'cause' | 'errors', unknown>
  >;
  const named = typeof type === 'string' && /^[A-Z]/.test(type) ? `${type}: ` : '';
  const text = typeof stack === 'string' ? stack : typeof message === 'string' ? `${named}${message}` : '';
  const lines = `${lead}${text}`.split('\n');
  const rest = Object.entries(error).filter(([name]) => !saidByStack.has(name));
  if (rest.length > 0) lines.push(rest.map(([name, value]) => `${name}=${showValue(value)}`).join(' '));
  const gathered = Array.isArray(errors) ? errors.flatMap((one) => errorLines(one, 'one of: ', depth + 1)) : [];
  return [
    ...lines.map((line) => `    ${printableText(line)}`),
    ...gathered,
    ...errorLines(cause, 'caused by: ', depth + 1),
  ];
}
