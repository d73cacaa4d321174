import type { RestartRule } from '../config/fleet.ts';

/** How patient the supervisor is with a process. All times in milliseconds. */
export interface RestartPolicy {
  /** Whether it is started again when it has ended. */
  readonly rule: RestartRule;
  /** The wait before the second restart in a row; each further one doubles it. The first is at once. */
  readonly firstDelayMs: number;
  /** The longest wait between two restarts. */
  readonly longestDelayMs: number;
  /** A process that has been ready this long counts as healthy: its next crash is the first again. */
  readonly healthyAfterMs: number;
  /** From SIGTERM to SIGKILL for a process that has not said how long it may take. */
  readonly stopLimitMs: number;
}

/** Restarts a killed process at once, since callers wait; one that keeps crashing every ten seconds. */
export const defaultRestartPolicy: RestartPolicy = {
  rule: { when: 'always', most: Number.POSITIVE_INFINITY },
  firstDelayMs: 100,
  longestDelayMs: 10_000,
  healthyAfterMs: 3_000,
  // One of ours that has not read its settings yet has nothing to finish.
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
  /** It has not been started: it waits for others. */
  | { readonly kind: 'idle' }
  /** `onTrial`: it was started because its files have changed, and is given up if it ends before it is ready. */
  | { readonly kind: 'starting'; readonly crashes: number; readonly wasReady: boolean; readonly onTrial: boolean }
  | { readonly kind: 'ready'; readonly crashes: number; readonly sinceMs: number; readonly url: string }
  | { readonly kind: 'waiting'; readonly crashes: number; readonly wasReady: boolean; readonly dueMs: number }
  | { readonly kind: 'stopping'; readonly dueMs: number; readonly next: AfterStop }
  /** It was stopped on request. */
  | { readonly kind: 'stopped' }
  /** It has ended, and is not started again: by its rule, or because it was on trial and waits for the next change. */
  | { readonly kind: 'ended'; readonly end: ProcessEnd; readonly onTrial: boolean }
  /** Its configuration is wrong, or the installation: starting it again would only say so again. */
  | { readonly kind: 'misconfigured' };

/** What becomes of a process once it has stopped. */
export type AfterStop = 'stay' | 'start' | 'try';

/** What can happen to a process. */
export type ProcessEvent =
  /** It may start now. */
  | { readonly kind: 'start' }
  /** It is to be started anew, whatever it does now. */
  | { readonly kind: 'restart'; readonly limitMs: number | undefined; readonly onTrial: boolean }
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'exit'; readonly end: ProcessEnd }
  /** The time in the state's `dueMs` has come. */
  | { readonly kind: 'due' }
  /** It has not answered for longer than it may: nothing that it is asked will reach it. */
  | { readonly kind: 'hung' }
  /** `limitMs`: from SIGTERM to SIGKILL, as the program says; undefined: it has not said yet. */
  | { readonly kind: 'stop'; readonly limitMs: number | undefined }
  /** Nobody wants to wait for it any more. */
  | { readonly kind: 'end' };

/** What the supervisor does next. */
export type ProcessAction = 'none' | 'spawn' | 'terminate' | 'kill';

/** A transition's outcome. */
export interface Step {
  readonly state: ProcessState;
  readonly action: ProcessAction;
}

/** The state of a process that nobody has started yet. */
export const firstState: ProcessState = { kind: 'idle' };

/** The whole life of a supervised process as one pure function. Events that mean nothing in a state change nothing. */
export function advance(state: ProcessState, event: ProcessEvent, nowMs: number, policy: RestartPolicy): Step {
  switch (event.kind) {
    case 'start':
      return start(state);
    case 'restart':
      return restart(state, event.onTrial, nowMs + (event.limitMs ?? policy.stopLimitMs));
    case 'ready':
      if (state.kind !== 'starting') return { state, action: 'none' };
      return { state: { kind: 'ready', crashes: state.crashes, sinceMs: nowMs, url: event.url }, action: 'none' };
    case 'exit':
      return afterExit(state, event.end, nowMs, policy);
    case 'due':
      if (state.kind === 'waiting') return spawn(state.crashes, state.wasReady, false);
      return { state, action: state.kind === 'stopping' ? 'kill' : 'none' };
    case 'hung':
      // Its end is an exit like any other, and what follows is decided there.
      return { state, action: state.kind === 'starting' || state.kind === 'ready' ? 'kill' : 'none' };
    case 'stop':
      return stop(state, nowMs + (event.limitMs ?? policy.stopLimitMs), 'terminate');
    case 'end':
      return stop(state, nowMs + policy.stopLimitMs, 'kill');
    default:
      return event satisfies never;
  }
}

/** Whether nothing runs, and nothing will by itself. */
export function isOver({ kind }: ProcessState): boolean {
  return kind === 'stopped' || kind === 'ended' || kind === 'misconfigured';
}

/** Whether it will only run again if somebody wants it to, who may: it was stopped, or waits for a change of its files. */
export function isHeld(state: ProcessState): boolean {
  return state.kind === 'stopped' || (state.kind === 'ended' && state.onTrial);
}

/** Whether those that come after it may start: it serves, or has done what it was there for. */
export function isDone(state: ProcessState): boolean {
  return state.kind === 'ready' || (state.kind === 'ended' && state.end.code === 0);
}

function spawn(crashes: number, wasReady: boolean, onTrial: boolean): Step {
  return { state: { kind: 'starting', crashes, wasReady, onTrial }, action: 'spawn' };
}

function start(state: ProcessState): Step {
  switch (state.kind) {
    case 'idle':
    case 'stopped':
    case 'ended':
    case 'misconfigured':
      return spawn(0, false, false);
    case 'waiting':
      // Whoever asks does not want to wait for the interval.
      return spawn(state.crashes, state.wasReady, false);
    case 'stopping':
      return { state: { ...state, next: 'start' }, action: 'none' };
    case 'starting':
    case 'ready':
      return { state, action: 'none' };
    default:
      return state satisfies never;
  }
}

function restart(state: ProcessState, onTrial: boolean, dueMs: number): Step {
  const next = onTrial ? 'try' : 'start';
  switch (state.kind) {
    case 'starting':
    case 'ready':
      return { state: { kind: 'stopping', dueMs, next }, action: 'terminate' };
    case 'stopping':
      return { state: { ...state, next }, action: 'none' };
    case 'idle':
      // It has not run yet, so it will run what is there when its turn comes.
      return { state, action: 'none' };
    case 'waiting':
    case 'stopped':
    case 'ended':
    case 'misconfigured':
      return spawn(0, true, onTrial);
    default:
      return state satisfies never;
  }
}

function afterExit(state: ProcessState, end: ProcessEnd, nowMs: number, policy: RestartPolicy): Step {
  const stay = (next: ProcessState): Step => ({ state: next, action: 'none' });
  switch (state.kind) {
    case 'starting':
      if (state.onTrial) return stay({ kind: 'ended', end, onTrial: true });
      if ((end.code === configurationExitCode || end.damaged === true) && !state.wasReady)
        return stay({ kind: 'misconfigured' });
      return stay(againOrNot(state.crashes, state.wasReady, end, nowMs, policy));
    case 'ready': {
      const healthy = nowMs - state.sinceMs >= policy.healthyAfterMs;
      return stay(againOrNot(healthy ? 0 : state.crashes, true, end, nowMs, policy));
    }
    case 'stopping':
      return state.next === 'stay' ? stay({ kind: 'stopped' }) : spawn(0, true, state.next === 'try');
    case 'idle':
    case 'waiting':
    case 'stopped':
    case 'ended':
    case 'misconfigured':
      return stay(state);
    default:
      return state satisfies never;
  }
}

/** `crashes`: those in a row before this end. */
function againOrNot(
  crashes: number,
  wasReady: boolean,
  end: ProcessEnd,
  nowMs: number,
  policy: RestartPolicy,
): ProcessState {
  const { when, most } = policy.rule;
  const wanted = when === 'always' || (when === 'on-failure' && end.code !== 0);
  if (!wanted || crashes >= most) return { kind: 'ended', end, onTrial: false };
  return { kind: 'waiting', crashes: crashes + 1, wasReady, dueMs: nowMs + restartDelayMs(crashes, policy) };
}

function restartDelayMs(crashes: number, policy: RestartPolicy): number {
  if (crashes === 0) return 0;
  // 2 ** 30 is more than any longest delay: the exponent is bounded so that it can't become infinite.
  return Math.min(policy.firstDelayMs * 2 ** Math.min(crashes - 1, 30), policy.longestDelayMs);
}

/** `action`: how one that runs is asked to end. */
function stop(state: ProcessState, dueMs: number, action: 'terminate' | 'kill'): Step {
  switch (state.kind) {
    case 'starting':
    case 'ready':
      return { state: { kind: 'stopping', dueMs, next: 'stay' }, action };
    case 'stopping':
      return { state: { ...state, next: 'stay' }, action: action === 'kill' ? 'kill' : 'none' };
    case 'idle':
    case 'waiting':
      return { state: { kind: 'stopped' }, action: 'none' };
    case 'stopped':
    case 'ended':
    case 'misconfigured':
      return { state, action: 'none' };
    default:
      return state satisfies never;
  }
}
