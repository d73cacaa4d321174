/**
 * What the lifecycle uses of the process. `main.ts` passes `process`; tests pass a fake, so that a whole life from start to
 * exit runs inside a test.
 */
export interface ProcessHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As in Node: the program's arguments begin at index 2. */
  readonly argv: readonly string[];
  readonly pid: number;
  readonly stdout: HostStream;
  readonly stderr: HostStream;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  exit(code?: number): unknown;
  /** Defined if a supervisor started the program with an IPC channel. */
  send?: ((message: unknown, handle?: never) => unknown) | undefined;
  readonly connected?: boolean | undefined;
}

/** A stream of the process. */
export interface HostStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** How much was written but not taken yet. */
  readonly writableLength?: number | undefined;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  once?(event: 'drain', listener: () => void): unknown;
}

/** The exit codes of every program. */
export const exitCodes = {
  /** Stopped as asked. */
  stopped: 0,
  /** A defect. A supervisor may restart the program. */
  crashed: 1,
  /** The configuration is wrong (also: the port is in use). A restart without a change is no use. */
  configuration: 78,
} as const;
