import type { Clock } from '@flotilla/contracts';
import type { OutputStream } from '@flotilla/kit/output';
import type { Given } from './given.ts';

/** What a word or a value of the command line may be, for the shell to complete it. */
export type Completion = 'programs' | 'files' | 'folders' | 'verbs' | readonly string[];

/** An option of a verb. */
export interface VerbOption {
  /** With its dashes: `--scale`. */
  readonly flag: string;
  /** What people are used to type: `-f`. Default: nothing. */
  readonly short?: string;
  /** What its value is, as help shows it: `<seconds>`. Default: it stands alone. */
  readonly value?: string;
  /** What it does, in a sentence without a full stop. */
  readonly summary: string;
  /** A value that works, for whoever forgets it. Needed with `value`. */
  readonly example?: string;
  /** Default: nothing to complete. */
  readonly completes?: Completion;
}

/** A line to type, and what it does. */
export interface VerbExample {
  readonly line: string;
  readonly does: string;
}

/** What comes behind a verb beside options. */
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
  /** More that somebody has to know to use it. Default: nothing. */
  readonly details?: string;
  /** Default: none. */
  readonly words?: VerbWords;
  readonly options: readonly VerbOption[];
  readonly examples: readonly VerbExample[];
  /** Does it, and resolves with the exit code. Throws a `Mistake` for what is wrong with the command line. */
  run(given: Given, cli: Cli): Promise<number>;
}

/** What a verb may use of the process it runs in. */
export interface Cli {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  readonly random: () => number;
  /** The folder in which it was called. */
  readonly cwd: string;
  /** When this program was started, on the clock's monotonic scale. */
  readonly startedMs: number;
  readonly version: string;
  /** Every verb there is. */
  readonly verbs: readonly Verb[];
  /** Calls back each time somebody wants it to stop; `hurry`: again, and does not want to wait. */
  readonly onStopRequest: (stop: (hurry: boolean) => void) => void;
}

/** The option of every verb whose answer a program may want to read. */
export const jsonOption: VerbOption = { flag: '--json', summary: 'print only JSON on stdout' };
