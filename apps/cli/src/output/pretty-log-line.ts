import { readJson } from '@flotilla/kit/json';
import { printableLine, printableText } from '@flotilla/kit/printable-text';
import { paint } from './colours.ts';

const levelColours: Readonly<Record<string, number>> = {
  debug: 90,
  trace: 90,
  info: 32,
  warn: 33,
  error: 31,
  fatal: 31,
};
/** Said by the prefix, or by the line's own beginning. */
const shownElsewhere = new Set(['time', 'level', 'msg', 'service', 'instance', 'err', 'pid', 'hostname']);

/** Long, and looked for rather than read: after everything else. */
const shownLast = ['requestId', 'traceId', 'spanId'];

/**
 * A JSON log line of a program as one for people: time, level, message, then the fields, then an error's stack.
 * Anything else (a stack that Node printed, a usage text) stays as it is. Doing it here, once, spares every program
 * the memory and the start-up time of a pretty printer.
 */
export function prettyLogLine(line: string, colour: boolean): string {
  const fields = parseLogLine(line);
  if (fields === undefined) return printableLine(line);
  const level = String(fields['level']);
  const tint = (text: string, code: number): string => (colour ? paint(text, code) : text);
  const parts = [
    tint(timeOfDay(String(fields['time'])), 90),
    tint(printableText(level.toUpperCase()).padEnd(5), levelColours[level] ?? 0),
    printableText(String(fields['msg'])),
  ];
  const names = Object.keys(fields).filter((name) => !shownElsewhere.has(name));
  for (const name of names.toSorted((a, b) => shownLast.indexOf(a) - shownLast.indexOf(b))) {
    parts.push(`${tint(`${printableText(name)}=`, 90)}${showValue(fields[name])}`);
  }
  return [parts.join(' '), ...errorLines(fields['err'])].join('\n');
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

/** The error's stack, or its message, indented; causes come below it. */
function errorLines(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { stack, message, cause } = error as { stack?: unknown; message?: unknown; cause?: unknown };
  const text = typeof stack === 'string' ? stack : typeof message === 'string' ? message : '';
  const lead = depth === 0 ? '' : 'caused by: ';
  const lines = `${lead}${text}`.split('\n').map((line) => `    ${printableText(line)}`);
  return [...lines, ...errorLines(cause, depth + 1)];
}
