/** How patient the supervisor is. All times in milliseconds. */
export interface RestartPolicy {
  /** The wait before the second restart in a row; each further one doubles it. The first is at once. */
  readonly firstDelayMs: number;
  /** The longest wait between two restarts. */
  readonly longestDelayMs: number;
  /** A process that has been ready this long counts as healthy: its next crash is the first again. */
  readonly healthyAfterMs: number;
  /** From SIGTERM to SIGKILL for a process that has not said how long it may take: it has nothing to finish yet. */
  readonly stopLimitMs: number;
}

/** Restarts a killed process at once, since callers wait; one that keeps crashing every ten seconds. */
export const defaultRestartPolicy: RestartPolicy = {
  firstDelayMs: 100,
  longestDelayMs: 10_000,
  healthyAfterMs: 3_000,
  stopLimitMs: 2_000,
};

/** What a process exits with when its configuration is wrong or its port is taken (EX_CONFIG of sysexits.h). */
export const configurationExitCode = 78;

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** It could not be loaded, because something of the installation is missing. */
  readonly damaged?: boolean;
}

/** Where one process stands. `crashes` counts those in a row; `wasReady`, whether it ever was. */
export type ProcessState =
  | { readonly kind: 'starting'; readonly crashes: number; readonly wasReady: boolean }
  | { readonly kind: 'ready'; readonly crashes: number; readonly sinceMs: number; readonly url: string }
  | { readonly kind: 'waiting'; readonly crashes: number; readonly wasReady: boolean; readonly dueMs: number }
  | { readonly kind: 'stopping'; readonly dueMs: number }
  | { readonly kind: 'stopped' }
  /** Its configuration is wrong, or the installation: starting it again would only say so again. */
  | { readonly kind: 'misconfigured' };

/** What can happen to a process. */
export type ProcessEvent =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'exit'; readonly end: ProcessEnd }
  /** The time in the state's `dueMs` has come. */
  | { readonly kind: 'due' }
  /** It has not answered for longer than it may: nothing that it is asked will reach it. */
  | { readonly kind: 'hung' }
  /** `limitMs`: from SIGTERM to SIGKILL, as the program says; undefined: it has not said yet. */
  | { readonly kind: 'stop'; readonly limitMs: number | undefined };

/** What the supervisor does next. */
export type ProcessAction = 'none' | 'spawn' | 'terminate' | 'kill';

/** A transition's outcome. */
export interface Step {
  readonly state: ProcessState;
  readonly action: ProcessAction;
}

/** The state of a process that has just been spawned for the first time. */
export const firstState: ProcessState = { kind: 'starting', crashes: 0, wasReady: false };

/** The whole life of a supervised process as one pure function. Events that mean nothing in a state change nothing. */
export function advance(state: ProcessState, event: ProcessEvent, nowMs: number, policy: RestartPolicy): Step {
  switch (event.kind) {
    case 'ready':
      if (state.kind !== 'starting') return { state, action: 'none' };
      return { state: { kind: 'ready', crashes: state.crashes, sinceMs: nowMs, url: event.url }, action: 'none' };
    case 'exit':
      return { state: afterExit(state, event.end, nowMs, policy), action: 'none' };
    case 'due':
      if (state.kind === 'waiting') {
        return { state: { kind: 'starting', crashes: state.crashes, wasReady: state.wasReady }, action: 'spawn' };
      }
      return { state, action: state.kind === 'stopping' ? 'kill' : 'none' };
    case 'hung':
      // Its end is an exit like any other, and what follows is decided there.
      return { state, action: state.kind === 'starting' || state.kind === 'ready' ? 'kill' : 'none' };
    case 'stop':
      return stop(state, nowMs, event.limitMs ?? policy.stopLimitMs);
    default:
      return event satisfies never;
  }
}

function afterExit(state: ProcessState, end: ProcessEnd, nowMs: number, policy: RestartPolicy): ProcessState {
  switch (state.kind) {
    case 'starting':
      if ((end.code === configurationExitCode || end.damaged === true) && !state.wasReady)
        return { kind: 'misconfigured' };
      return wait(state.crashes, state.wasReady, nowMs, policy);
    case 'ready': {
      const healthy = nowMs - state.sinceMs >= policy.healthyAfterMs;
      return wait(healthy ? 0 : state.crashes, true, nowMs, policy);
    }
    case 'stopping':
      return { kind: 'stopped' };
    case 'waiting':
    case 'stopped':
    case 'misconfigured':
      return state;
    default:
      return state satisfies never;
  }
}

function wait(crashes: number, wasReady: boolean, nowMs: number, policy: RestartPolicy): ProcessState {
  return { kind: 'waiting', crashes: crashes + 1, wasReady, dueMs: nowMs + restartDelayMs(crashes, policy) };
}

/** `crashes`: those in a row before this one. */
function restartDelayMs(crashes: number, policy: RestartPolicy): number {
  if (crashes === 0) return 0;
  // 2 ** 30 is more than any longest delay: the exponent is bounded so that it can't become infinite.
  return Math.min(policy.firstDelayMs * 2 ** Math.min(crashes - 1, 30), policy.longestDelayMs);
}

function stop(state: ProcessState, nowMs: number, limitMs: number): Step {
  switch (state.kind) {
    case 'starting':
    case 'ready':
      return { state: { kind: 'stopping', dueMs: nowMs + limitMs }, action: 'terminate' };
    case 'waiting':
      return { state: { kind: 'stopped' }, action: 'none' };
    case 'stopping':
      // Asked twice: whoever asks is in a hurry.
      return { state, action: 'kill' };
    case 'stopped':
    case 'misconfigured':
      return { state, action: 'none' };
    default:
      return state satisfies never;
  }
}
