import { readFileSync, statSync } from 'node:fs';
import type { Clock, Timer } from '@flotilla/contracts';
import { ConfigurationError } from '@flotilla/kit/config';
import { readTokenList, type TokenEntry } from './token-list.ts';

/** Where tokens come from. */
export interface TokenSourceOptions {
  /** The list itself, as JSON. */
  readonly inline?: string | undefined;
  /** A file with the list. */
  readonly file?: string | undefined;
  readonly clock: Clock;
  /** Called with the new list when the file has changed. */
  readonly onChange: (entries: readonly TokenEntry[]) => void;
  /** Called when the file has changed to something that can't be used; the tokens stay as they were. */
  readonly onProblem: (problem: string) => void;
}

/** How often the file is looked at, in milliseconds. */
const lookEveryMs = 1_000;

/** Tokens from a setting, or from a file that is followed, so that a token can be changed without a restart. */
export class TokenSource {
  /** The tokens at the start; undefined if none are configured. */
  readonly entries: readonly TokenEntry[] | undefined;
  readonly #options: TokenSourceOptions;
  #seen = '';
  #timer: Timer | undefined;

  /** @throws {ConfigurationError} when what is configured can't be used */
  constructor(options: TokenSourceOptions) {
    this.#options = options;
    const { inline, file } = options;
    if (inline !== undefined && file !== undefined)
      throw new ConfigurationError('REGISTRY_TOKENS and REGISTRY_TOKENS_FILE are both set. Use one of them.');
    if (inline !== undefined) this.entries = accepted('REGISTRY_TOKENS', inline);
    if (file === undefined) return;
    this.#seen = this.#stateOf(file);
    this.entries = accepted(`The file ${file} (REGISTRY_TOKENS_FILE)`, readText(file));
    this.#look(file);
  }

  close(): void {
    this.#timer?.cancel();
  }

  #look(file: string): void {
    this.#timer = this.#options.clock.after(lookEveryMs, () => {
      this.#lookNow(file);
      this.#look(file);
    });
  }

  #lookNow(file: string): void {
    const state = this.#stateOf(file);
    if (state === this.#seen) return;
    this.#seen = state;
    try {
      this.#options.onChange(accepted(`The file ${file} (REGISTRY_TOKENS_FILE)`, readText(file)));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      this.#options.onProblem(error.message);
    }
  }

  /** Changes when the file does; also when another file is put in its place. */
  #stateOf(file: string): string {
    try {
      const { mtimeMs, size, ino } = statSync(file);
      return `${mtimeMs} ${size} ${ino}`;
    } catch {
      return 'away';
    }
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const what = code === 'ENOENT' ? 'the file does not exist' : code;
    throw new ConfigurationError(`Cannot read ${file} (REGISTRY_TOKENS_FILE): ${what}.`, { cause: error });
  }
}

function accepted(where: string, text: string): readonly TokenEntry[] {
  const list = readTokenList(text);
  if (list.ok) return list.entries;
  const problems = list.problems.map((problem) => `  ${problem}`).join('\n');
  throw new ConfigurationError(
    `${where} is not a valid list of tokens:\n${problems}\nExpected a JSON array such as [{"name":"orders","token":"<at least 16 characters>","register":["order-"]}].`,
  );
}
