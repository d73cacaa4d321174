import { AppError, isAppError } from '@flotilla/contracts';
import type { Added } from '../store/index.ts';
import type { Backend } from './backend.ts';
import type { TelemetryChange } from './telemetry.ts';
import { WorkerThread } from './worker-thread.ts';
import type { WriterOptions, WriterState, Written } from './writer.ts';

/** What both threads answer with. */
interface WithState {
  readonly state: WriterState;
}

/**
 * Does the work on two threads, one that reads messages and writes, one that answers questions: neither keeps the other waiting, and
 * neither keeps the program from serving its pages.
 *
 * @throws {DatabaseSetupError} when the file cannot be opened
 */
export async function threadedBackend({ clock, ...options }: WriterOptions): Promise<Backend> {
  const writer = new WorkerThread(threadFile('writer-thread'), options, clock);
  // Begun with the first question.
  const reader = new WorkerThread(threadFile('reader-thread'), { file: options.file }, clock);
  let state = await opened(writer);

  async function written<Result>(
    name: string,
    args: readonly unknown[],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Result> {
    try {
      const result = (await writer.call(name, args, transfer)) as Result & WithState; // what writer-thread.ts answers
      state = result.state;
      return result;
    } catch (error) {
      // It may be about the file, and the file's state says how long that lasts.
      if (isAppError(error, 'STORAGE_UNAVAILABLE')) state = await writer.call('open', []).then(stateIn, () => state);
      throw error;
    }
  }

  return {
    take(signal, encoding, body) {
      // The bytes of a request may lie among those of others.
      const own = Uint8Array.from(body);
      return written<Written>('take', [signal, encoding, own], [own.buffer]);
    },
    add: (batches) => written<Added & { readonly change: TelemetryChange }>('add', [batches]),
    async ask(name, args) {
      const { generation } = state;
      const told = (await reader.call(name, [generation, ...args])) as ReaderAnswer; // what reader-thread.ts answers
      if (told.kind === 'answer') return told.value;
      await written('replaceDamaged', [generation]);
      throw new AppError('STORAGE_UNAVAILABLE', { retryAfterMs: 1_000 });
    },
    get state() {
      return state;
    },
    async close() {
      await reader.close();
      await writer.close();
    },
  };
}

type ReaderAnswer = { readonly kind: 'answer'; readonly value: unknown } | { readonly kind: 'damaged' };

function stateIn(answer: unknown): WriterState {
  return (answer as WithState).state; // what writer-thread.ts answers
}

async function opened(writer: WorkerThread): Promise<WriterState> {
  try {
    return stateIn(await writer.call('open', []));
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/** A module beside this one: with types in a repository, without in a package. */
function threadFile(name: string): URL {
  return new URL(`./${name}${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);
}
