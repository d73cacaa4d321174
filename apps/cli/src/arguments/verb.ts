import type { Clock } from '@flotilla/contracts';
import type { OutputStream } from '@flotilla/kit/output';
import type { Given } from './given.ts';

/** How the shell completes a word or value of the command line. */
export type Completion = 'programs' | 'files' | 'folders' | 'verbs' | readonly string[];

/** An option of a verb. */
export interface VerbOption {
  /** With its dashes: `--scale`. */
  readonly flag: string;
  /** The usual short form: `-f`. Default: none. */
  readonly short?: string;
  /** Its value, as help shows it: `<seconds>`. Default: it takes no value. */
  readonly value?: string;
  /** What it does, in a sentence without a full stop. */
  readonly summary: string;
  /** A valid example, shown if the value is missing. Required with `value`. */
  readonly example?: string;
  /** Default: nothing to complete. */
  readonly completes?: Completion;
}

/** A line to type, and what it does. */
export interface VerbExample {
  readonly line: string;
  readonly does: string;
}

/** The words after a verb, besides options. */
export interface VerbWords {
  /** As help shows it: `[program…]`. */
  readonly usage: string;
  readonly atLeast: number;
  readonly atMost: number;
  /** What is missing when there are too few: `Say which program to restart, for example: flotilla restart user-service`. */
  readonly missing?: string;
  readonly completes?: Completion;
}

/**
 * A verb of the command line: `flotilla <verb>`. Help, completion, suggestions and the reference are made from it, so what
 * stands here is all there is.
 */
export interface Verb {
  readonly name: string;
  /** What it does, in a sentence without a full stop, as short as the list of all verbs needs it. */
  readonly summary: string;
  /** Details that a user needs to know. Default: none. */
  readonly details?: string;
  /** Default: none. */
  readonly words?: VerbWords;
  readonly options: readonly VerbOption[];
  readonly examples: readonly VerbExample[];
  /** Runs it and resolves with the exit code. Throws a `Mistake` if the command line is wrong. */
  run(given: Given, cli: Cli): Promise<number>;
}

/** What a verb can use of its process. */
export interface Cli {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  readonly random: () => number;
  /** The current folder. */
  readonly cwd: string;
  /** When this program was started, on the clock's monotonic scale. */
  readonly startedMs: number;
  readonly version: string;
  /** All verbs. */
  readonly verbs: readonly Verb[];
  /** Calls back each time somebody wants it to stop; `hurry`: again, and does not want to wait. */
  readonly onStopRequest: (stop: (hurry: boolean) => void) => void;
}

/** The option of every verb whose answer a program may read. */
export const jsonOption: VerbOption = { flag: '--json', summary: 'print only JSON on stdout' };
