import type { Clock } from '@flotilla/contracts';
import { type LogLine, readLogLine } from '@flotilla/kit/log-line';
import { BoundedOutput, type Importance, type OutputStream } from '@flotilla/kit/output';
import { prettyFields } from '@flotilla/kit/pretty-line';
import { printableLine } from '@flotilla/kit/printable-text';
import { paint } from '@flotilla/kit/terminal';
import { nthColour } from './colours.ts';
import { LineSplitter } from './line-splitter.ts';
import { QuietLines, type Volume } from './quiet-lines.ts';
import { wrapText } from './wrap-text.ts';

/** Where text goes; `process.stdout` is one. */
export type TextSink = OutputStream;

/** What {@link FleetOutput} needs. */
export interface FleetOutputOptions {
  /** The processes' names, in the order in which they get their colours. */
  readonly names: readonly string[];
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Whether each stream shows colours. */
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
  /** `json` passes lines on untouched, for a log collector: each names its service and instance itself. */
  readonly format: 'pretty' | 'json';
  /** Is told of every line, also of those that are left out. Default: nobody is. */
  readonly keep?: (name: string, from: StreamName, line: string) => void;
  /** See `prettyLine`. Default `brief` where output is quiet, else `full`. */
  readonly detail?: 'brief' | 'full';
  /** What to leave out of pretty output. Default: nothing, and every line has all its fields. */
  readonly quiet?: {
    readonly clock: Clock;
    /** See {@link QuietLines}. */
    readonly gateways: ReadonlySet<string>;
    readonly registries: ReadonlySet<string>;
  };
}

/** Which of a process's two streams. */
export type StreamName = 'stdout' | 'stderr';

/** The supervisor's own name in the stream. */
const ownName = 'flotilla';
const grey = 90;
const red = 31;
/** Between a process's name and its line. */
const separator = ' | ';
/** Of this width and more, a terminal has room for columns. */
const wideColumns = 60;

/**
 * Joins the output of all processes to one stream: whole lines, each with its process's name in its colour. What nobody
 * reads is dropped beyond a bound, errors last; the processes never wait for a reader.
 */
export class FleetOutput {
  readonly #options: FleetOutputOptions;
  readonly #outputs: Readonly<Record<StreamName, BoundedOutput>>;
  readonly #width: number;
  readonly #names: string[];
  readonly #quiet: QuietLines | undefined;
  /** When set, only this process's stdout is still shown; errors of all are. */
  #muted = false;

  constructor(options: FleetOutputOptions) {
    this.#options = options;
    this.#names = [...options.names];
    const resumed =
      (kind: 'note' | 'problem') =>
      (lines: number): void =>
        this.say(`the output was not read for a while; ${lines} lines were dropped`, kind);
    this.#outputs = {
      stdout: new BoundedOutput(options.stdout, resumed('note')),
      stderr: new BoundedOutput(options.stderr, resumed('problem')),
    };
    this.#quiet =
      options.quiet === undefined || options.format === 'json'
        ? undefined
        : new QuietLines({ ...options.quiet, show: (name, line) => this.#writeLater(name, line) });
    this.#width = Math.max(ownName.length, ...options.names.map((name) => name.length));
  }

  /** From now on drops what is not an error: used when a process's message must not scroll away. */
  mute(): void {
    this.#muted = true;
  }

  /** How much is shown of a process from now on, where output is quiet. */
  setVolume(name: string, volume: Volume): void {
    this.#quiet?.setVolume(name, volume);
  }

  /** Shows what was left out of a silent process last. */
  tellLeftOut(name: string): void {
    this.#quiet?.tellLeftOut(name);
  }

  /** Takes the bytes of one stream of one process; call `end` when the stream has ended. */
  stream(name: string, from: StreamName): { push(chunk: Uint8Array): void; end(): void } {
    const splitter = new LineSplitter();
    const { keep } = this.#options;
    const show = (lines: readonly string[]): void => {
      if (keep !== undefined) for (const line of lines) keep(name, from, line);
      if (lines.length === 0 || (this.#muted && from === 'stdout')) return;
      this.#write(name, from, lines, from === 'stderr' ? 'important' : 'plain');
    };
    return { push: (chunk) => show(splitter.push(chunk)), end: () => show(splitter.end()) };
  }

  /** Shows a whole line of a process. */
  show(name: string, from: StreamName, line: string): void {
    this.#write(name, from, [line], 'plain');
  }

  /** Something the supervisor itself has to say. */
  say(message: string, kind: 'note' | 'problem' = 'note'): void {
    const from = kind === 'note' ? 'stdout' : 'stderr';
    const lines = message.split('\n');
    for (const line of lines) this.#options.keep?.(ownName, from, line);
    if (!this.#outputs[from].admits('important', lines.length)) return;
    if (this.#options.format === 'json') {
      const level = kind === 'note' ? 'info' : 'error';
      const line = { level, time: new Date().toISOString(), service: ownName, instance: ownName, msg: message };
      this.#outputs[from].write(`${JSON.stringify(line)}\n`);
    } else {
      const columns = this.#columns(from);
      const shown = columns === undefined ? lines : lines.flatMap((line) => wrapText(line, columns));
      this.#writeBehind(this.#prefix(ownName, kind === 'note' ? grey : red, from), from, shown);
    }
  }

  /** Nothing more comes: shows what was held back. */
  end(): void {
    this.#quiet?.flush();
  }

  #write(name: string, from: StreamName, lines: readonly string[], importance: Importance): void {
    const output = this.#outputs[from];
    if (!output.admits(importance, lines.length)) return;
    if (this.#options.format === 'json') {
      output.write(`${lines.join('\n')}\n`);
      return;
    }
    const shown = lines.flatMap((line) => {
      const fields = readLogLine(line);
      if (fields === undefined) return [printableLine(line)];
      return this.#quiet?.admits(name, fields) === false ? [] : this.#pretty(fields, from);
    });
    this.#writeBehind(this.#prefixOf(name, from), from, shown);
  }

  #writeLater(name: string, line: LogLine): void {
    if (this.#muted || !this.#outputs.stdout.admits('plain', 1)) return;
    this.#writeBehind(this.#prefixOf(name, 'stdout'), 'stdout', this.#pretty(line, 'stdout'));
  }

  /** How wide a line may be behind its prefix; undefined: it goes to no terminal. */
  #columns(from: StreamName): number | undefined {
    const { columns } = this.#outputs[from];
    return columns === undefined ? undefined : columns - this.#prefixWidth(from) - separator.length;
  }

  /** On a narrow terminal names are not made equally long: what they say needs the room. */
  #prefixWidth(from: StreamName): number {
    const { columns = wideColumns } = this.#outputs[from];
    return columns < wideColumns ? ownName.length : this.#width;
  }

  #pretty(line: LogLine, from: StreamName): string[] {
    return prettyFields(line, {
      colour: this.#options.colour[from],
      detail: this.#options.detail ?? (this.#quiet === undefined ? 'full' : 'brief'),
      columns: this.#columns(from),
    }).split('\n');
  }

  #prefixOf(name: string, from: StreamName): string {
    return this.#prefix(name, this.#colourOf(name), from);
  }

  /** Instances that join later get the next colours. */
  #colourOf(name: string): number {
    let index = this.#names.indexOf(name);
    if (index === -1) index = this.#names.push(name) - 1;
    return nthColour(index);
  }

  #prefix(name: string, colour: number, from: StreamName): string {
    const prefix = `${name.padEnd(this.#prefixWidth(from))} |`;
    return this.#options.colour[from] ? paint(prefix, colour) : prefix;
  }

  #writeBehind(prefix: string, from: StreamName, lines: readonly string[]): void {
    if (lines.length > 0) this.#outputs[from].write(lines.map((line) => `${prefix} ${line}\n`).join(''));
  }
}
