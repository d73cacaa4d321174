import { ControlFailure } from '@flotilla/fleet/control';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { unavailableExitCode, usageExitCode } from '../help/exit-codes.ts';
import { NotRunning } from './find-running.ts';

/** A failed command, with what to do. */
export class Failed extends Error {
  /** What kind of failure it is, for programs. */
  readonly code: string;

  constructor(message: string, code: string = 'FAILED') {
    super(message);
    this.code = code;
  }
}

/** The answer of a verb: as data for programs, and as lines for people. */
export interface Answer {
  readonly json: unknown;
  readonly text: readonly string[];
  /** Default 0. */
  readonly exitCode?: number;
}

/** Prints the answer of `find`, or why it failed. With `--json` stdout is always one JSON document. */
export async function answer(
  given: Given,
  cli: Pick<Cli, 'stdout' | 'stderr'>,
  find: () => Promise<Answer>,
): Promise<number> {
  const json = given.has('--json');
  let found: Answer;
  try {
    found = await find();
  } catch (error) {
    const failure = failureOf(error);
    if (json)
      cli.stdout.write(
        `${JSON.stringify({ error: { code: failure.code, message: failure.message } }, undefined, 2)}\n`,
      );
    else cli.stderr.write(`flotilla: ${failure.message}\n`);
    return failure.exitCode;
  }
  if (json) cli.stdout.write(`${JSON.stringify(found.json, undefined, 2)}\n`);
  else if (found.text.length > 0) cli.stdout.write(`${found.text.join('\n')}\n`);
  return found.exitCode ?? 0;
}

/** The message for an expected error. Others are rethrown. */
export function failureOf(error: unknown): {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
} {
  if (error instanceof NotRunning) return { code: 'NOT_RUNNING', message: error.message, exitCode: error.exitCode };
  if (error instanceof Failed) return { code: error.code, message: error.message, exitCode: 1 };
  if (error instanceof ControlFailure) {
    if (error.kind === 'refused') {
      const code = error.problem?.code ?? 'REFUSED';
      const isMistake = code === 'UNKNOWN_NAME' || code === 'BAD_REQUEST';
      return { code, message: error.message, exitCode: isMistake ? usageExitCode : 1 };
    }
    const message =
      error.kind === 'silent'
        ? `The fleet ${error.message}.`
        : 'The fleet ended before it answered. Start it: flotilla up';
    return { code: 'NOT_RUNNING', message, exitCode: unavailableExitCode };
  }
  throw error;
}
