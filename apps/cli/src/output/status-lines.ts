import { cutToWidth, textWidth } from '@flotilla/kit/text-width';
import { tinted } from './tinted.ts';

/** A program as the status at the bottom of the terminal shows it. */
export interface StatusProgram {
  readonly name: string;
  /** Of its first instance; undefined: it has none. */
  readonly port: number | undefined;
  /** Of each of its instances. */
  readonly states: readonly string[];
}

/** How the status is to be shown. */
export interface StatusOptions {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
}

/** The worst comes first: it is what is told of several instances. */
const severity = [
  'misconfigured',
  'ended',
  'restarting',
  'starting',
  'waiting',
  'stopping',
  'stopped',
  'done',
  'ready',
];
const colours: Readonly<Record<string, number>> = {
  ready: 32,
  done: 90,
  stopped: 90,
  stopping: 33,
  starting: 33,
  waiting: 33,
};
const red = 31;
const gap = '  ';
/** Below this height every line is needed for the log. */
const lowRows = 12;

/** The status of a fleet in at most two lines, none wider than the terminal: with less detail where there is less room. */
export function statusLines(programs: readonly StatusProgram[], options: StatusOptions): readonly string[] {
  // The last column stays free: a character there makes some terminals go on to the next line.
  const columns = options.columns - 1;
  const most = options.rows < lowRows ? 1 : 2;
  for (const withPorts of [true, false]) {
    const entries = programs.map((program) => entryOf(program, withPorts, options));
    const lines = fill(entries, columns);
    if (lines.length <= most && lines.every((line) => textWidth(line) <= columns)) return lines;
  }
  const unwell = programs.filter((program) => !['ready', 'done'].includes(worstOf(program)));
  const ready = `${programs.length - unwell.length} of ${programs.length} ready`;
  const others = unwell.map((program) => `${program.name} ${worstOf(program)}`);
  return [cutToWidth([ready, ...others].join(', '), columns)];
}

function worstOf({ states }: StatusProgram): string {
  return severity.find((state) => states.includes(state)) ?? 'stopped';
}

function entryOf(program: StatusProgram, withPorts: boolean, { colour, unicode }: StatusOptions): string {
  const state = worstOf(program);
  const mark = state === 'ready' ? (unicode ? '●' : '*') : unicode ? '○' : '-';
  const count = program.states.length > 1 ? ` ${unicode ? '×' : 'x'}${program.states.length}` : '';
  const port = withPorts && program.port !== undefined ? tinted(` :${program.port}`, 90, colour) : '';
  const word = state === 'ready' ? '' : ` ${state}`;
  return `${tinted(mark, colours[state] ?? red, colour)} ${program.name}${count}${port}${tinted(word, colours[state] ?? red, colour && word !== '')}`;
}

function fill(entries: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    const longer = `${lines.at(-1) ?? ''}${gap}${entry}`;
    if (lines.length > 0 && textWidth(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(entry);
  }
  return lines;
}
