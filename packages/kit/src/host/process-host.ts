/**
 * What the lifecycle uses of the process. `main.ts` hands in `process`; tests hand in a fake, so a whole life from
 * start to stop runs inside a test.
 */
export interface ProcessHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As Node gives it: the program's arguments begin at index 2. */
  readonly argv: readonly string[];
  readonly pid: number;
  readonly stdout: HostStream;
  readonly stderr: HostStream;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  exit(code?: number): unknown;
  /** Present when a supervisor started the program with an IPC channel. */
  send?: ((message: unknown, handle?: never) => unknown) | undefined;
  readonly connected?: boolean | undefined;
}

/** A stream of the process. */
export interface HostStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** What was written and has not been taken yet. */
  readonly writableLength?: number | undefined;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  once?(event: 'drain', listener: () => void): unknown;
}

/** The exit codes of every program. */
export const exitCodes = {
  /** Stopped as asked. */
  stopped: 0,
  /** A defect. A supervisor may start the program again. */
  crashed: 1,
  /** The configuration is wrong (also: the port is in use). Starting again without a change is no use. */
  configuration: 78,
} as const;
