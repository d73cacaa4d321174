import type { ProcessHost } from '@flotilla/kit/service';
import { waitUntil } from '@flotilla/testing';

/** A process that is none: what is written and asked for is kept, and signals are sent by hand. */
export interface FakeHost {
  readonly host: ProcessHost;
  readonly state: { out: string; err: string; readonly exits: number[]; readonly sent: Record<string, unknown>[] };
  emit(event: string, ...values: unknown[]): void;
  /** Settles with the code of the first exit that is asked for. */
  exited(): Promise<number>;
  /** The first log line with this message. */
  line(message: string): Readonly<Record<string, unknown>>;
  /** Where the program listens, by its log. */
  url(): string;
}

/** @param supervised whether somebody has started the process with a channel */
export function fakeHost(env: Record<string, string> = {}, argv: readonly string[] = [], supervised = false): FakeHost {
  const listeners = new Map<string, (...values: unknown[]) => void>();
  const state = { out: '', err: '', exits: [] as number[], sent: [] as Record<string, unknown>[] };
  const host: ProcessHost = {
    env: { SERVER_PORT: '0', SERVER_HOST: '127.0.0.1', LOG_FORMAT: 'json', ...env },
    argv: ['node', 'main.ts', ...argv],
    pid: 1,
    stdout: { write: (text) => (state.out += text) },
    stderr: { write: (text) => (state.err += text) },
    on: (event, listener) => listeners.set(event, listener),
    exit: (code = 0) => state.exits.push(code),
    ...(supervised ? { send: (message: unknown) => state.sent.push({ ...(message as object) }) } : {}), // The kit sends objects.
  };
  const line = (message: string): Readonly<Record<string, unknown>> => {
    const found = state.out.split('\n').find((text) => text.includes(`"msg":"${message}"`)) ?? '{}';
    return JSON.parse(found) as Record<string, unknown>; // Our own log lines are objects.
  };
  return {
    host,
    state,
    emit: (event, ...values) => listeners.get(event)?.(...values),
    async exited() {
      await waitUntil('the exit', () => state.exits.length > 0);
      return state.exits[0] ?? -1;
    },
    line,
    url: () => String(line('listening')['url']),
  };
}
