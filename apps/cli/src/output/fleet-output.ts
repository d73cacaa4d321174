import { BoundedOutput, type Importance, type OutputStream } from '@flotilla/kit/output';
import { prettyLine } from '@flotilla/kit/pretty-line';
import { paint } from '@flotilla/kit/terminal';
import { nthColour } from './colours.ts';
import { LineSplitter } from './line-splitter.ts';

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
}

/** Which of a process's two streams. */
export type StreamName = 'stdout' | 'stderr';

/** The supervisor's own name in the stream. */
const ownName = 'flotilla';
const grey = 90;
const red = 31;

/**
 * Joins the output of all processes to one stream: whole lines, each with its process's name in its colour. What nobody
 * reads is dropped beyond a bound, errors last; the processes never wait for a reader.
 */
export class FleetOutput {
  readonly #options: FleetOutputOptions;
  readonly #outputs: Readonly<Record<StreamName, BoundedOutput>>;
  readonly #width: number;
  /** When set, only this process's stdout is still shown; errors of all are. */
  #muted = false;

  constructor(options: FleetOutputOptions) {
    this.#options = options;
    const resumed =
      (kind: 'note' | 'problem') =>
      (lines: number): void =>
        this.say(`nobody read the output for a while: ${lines} lines were dropped`, kind);
    this.#outputs = {
      stdout: new BoundedOutput(options.stdout, resumed('note')),
      stderr: new BoundedOutput(options.stderr, resumed('problem')),
    };
    this.#width = Math.max(ownName.length, ...options.names.map((name) => name.length));
  }

  /** From now on drops what is not an error: used when a process's message must not scroll away. */
  mute(): void {
    this.#muted = true;
  }

  /** Takes the bytes of one stream of one process; call `end` when the stream has ended. */
  stream(name: string, from: StreamName): { push(chunk: Uint8Array): void; end(): void } {
    const splitter = new LineSplitter();
    const colour = nthColour(this.#options.names.indexOf(name));
    const show = (lines: readonly string[]): void => {
      if (lines.length === 0 || (this.#muted && from === 'stdout')) return;
      this.#write(name, colour, from, lines, from === 'stderr' ? 'important' : 'plain');
    };
    return { push: (chunk) => show(splitter.push(chunk)), end: () => show(splitter.end()) };
  }

  /** Something the supervisor itself has to say. */
  say(message: string, kind: 'note' | 'problem' = 'note'): void {
    const from = kind === 'note' ? 'stdout' : 'stderr';
    if (this.#options.format === 'json') {
      const level = kind === 'note' ? 'info' : 'error';
      const line = { level, time: new Date().toISOString(), service: ownName, instance: ownName, msg: message };
      this.#write(ownName, grey, from, [JSON.stringify(line)], 'important');
    } else {
      this.#write(ownName, kind === 'note' ? grey : red, from, message.split('\n'), 'important');
    }
  }

  #write(name: string, colour: number, from: StreamName, lines: readonly string[], importance: Importance): void {
    const output = this.#outputs[from];
    if (!output.admits(importance, lines.length)) return;
    if (this.#options.format === 'json') {
      output.write(`${lines.join('\n')}\n`);
      return;
    }
    const coloured = this.#options.colour[from];
    const prefix = `${name.padEnd(this.#width)} |`;
    const painted = coloured ? paint(prefix, colour) : prefix;
    const shown = lines.flatMap((line) => prettyLine(line, coloured).split('\n'));
    output.write(shown.map((line) => `${painted} ${line}\n`).join(''));
  }
}
