import { readJson } from '@flotilla/contracts/json';
import { paint } from '../host/colour.ts';
import { printableLine, printableText } from './printable-text.ts';

const levelColours: Readonly<Record<string, number>> = {
  debug: 90,
  trace: 90,
  info: 32,
  warn: 33,
  error: 31,
  fatal: 31,
};
/** Said by the line's own beginning, or once by whoever gathers the lines of several programs. */
const shownElsewhere = new Set(['time', 'level', 'msg', 'service', 'instance', 'pid', 'hostname']);

/** Long, and looked for rather than read: after everything else. */
const shownLast = ['requestId', 'traceId', 'spanId'];

/**
 * A JSON log line, without its end, as one for people: time, level, message, then the fields, then the stacks of errors.
 * Anything else (a stack that Node printed, a usage text) stays as it is. A program on a terminal shows its own lines so;
 * of a fleet the supervisor shows all, which spares the programs the work.
 */
export function prettyLine(line: string, colour: boolean): string {
  const fields = parseLogLine(line);
  if (fields === undefined) return printableLine(line);
  const level = String(fields['level']);
  const tint = (text: string, code: number): string => (colour ? paint(text, code) : text);
  const parts = [
    tint(timeOfDay(String(fields['time'])), 90),
    tint(printableText(level.toUpperCase()).padEnd(5), levelColours[level] ?? 0),
    printableText(String(fields['msg'])),
  ];
  const errors = Object.entries(fields).filter(([name, value]) => errorNames.has(name) && isError(value));
  const stacks = new Set(errors.map(([name]) => name));
  const names = Object.keys(fields).filter((name) => !shownElsewhere.has(name) && !stacks.has(name));
  for (const name of names.toSorted((a, b) => shownLast.indexOf(a) - shownLast.indexOf(b))) {
    parts.push(`${tint(`${printableText(name)}=`, 90)}${showValue(fields[name])}`);
  }
  return [parts.join(' '), ...errors.flatMap(([, error]) => errorLines(error))].join('\n');
}

function parseLogLine(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  // Any program may write any line: one that is deeply nested would overflow the stack of what shows its fields.
  const read = readJson(Buffer.from(line));
  if (!read.ok) return undefined; // Only looked like JSON.
  const { value } = read;
  const isLog = typeof value === 'object' && value !== null && 'level' in value && 'msg' in value && 'time' in value;
  // Just checked: an object with the three fields of every log line.
  return isLog ? value : undefined;
}

/** Local time of day: who reads along wants to compare with the clock on the wall. */
function timeOfDay(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return printableText(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}

function showValue(value: unknown): string {
  const text = typeof value === 'string' && /^[^\s"=\p{Cc}]+$/u.test(value) ? value : JSON.stringify(value);
  return printableText(text ?? String(value));
}

/** Where errors stand in a line. */
const errorNames = new Set(['err', 'error']);
/** Of an error, what its stack says already, or what comes below it. */
const saidByStack = new Set(['type', 'message', 'stack', 'cause', 'errors']);

function isError(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('stack' in value || 'message' in value);
}

/** The error's stack, or its message, indented, and what else it carries; causes and gathered errors come below it. */
function errorLines(error: unknown, lead = '', depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { stack, message, cause, errors } = error as Partial<Record<'stack' | 'message' | 'cause' | 'errors', unknown>>; // Only read, and checked here.
  const text = typeof stack === 'string' ? stack : typeof message === 'string' ? message : '';
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
