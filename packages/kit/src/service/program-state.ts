import type { LifeState } from '../health/index.ts';

/** The state of a program in its lifecycle. */
export type ProgramState =
  /** Its settings are valid; it opens files and adds routes. */
  | { readonly kind: 'starting' }
  /** Built. Others still serve, so it accepts nothing before its checks pass. */
  | { readonly kind: 'warming' }
  /** Asks the system for its ports. `othersServe`: so do others on those ports; the program counts as healthy as before. */
  | { readonly kind: 'binding'; readonly othersServe: boolean }
  /** Accepts connections; its checks have not passed yet, so it is not announced. */
  | { readonly kind: 'listening' }
  /** Serves, and is announced. */
  | { readonly kind: 'ready' }
  /** Takes no new work and finishes what it has begun. `replaced`: others serve in its place. */
  | { readonly kind: 'draining'; readonly replaced: boolean }
  /** Everything is answered, or its time is over: it releases what it holds. */
  | { readonly kind: 'closing' }
  | { readonly kind: 'stopped' }
  /** Start-up failed. */
  | { readonly kind: 'failed' };

/** An event in the life of a program. */
export type ProgramEvent =
  /** It has built itself. `othersServe`: clients are better off with others until it is healthy. */
  | { readonly kind: 'built'; readonly othersServe: boolean }
  /** It is healthy, or has waited long enough for that. */
  | { readonly kind: 'warm' }
  /** All its servers listen. */
  | { readonly kind: 'bound' }
  /** Its checks pass for the first time since it began to listen. */
  | { readonly kind: 'well' }
  /** It is told to stop, or its parent is gone. */
  | { readonly kind: 'stop' }
  /** Others have taken over. `deregister`: they use another name. */
  | { readonly kind: 'replaced'; readonly deregister: boolean; readonly limitMs: number }
  | { readonly kind: 'drained' }
  | { readonly kind: 'closed' }
  /** A start-up step failed. `code`: the exit code of the process. */
  | { readonly kind: 'failed'; readonly code: number };

/** What to do next. Its result is the next event. */
export type ProgramAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'warm-up' }
  | { readonly kind: 'bind' }
  | { readonly kind: 'await-checks' }
  | { readonly kind: 'announce' }
  /**
   * `deregister`: tell the registry. `delay`: callers may know the program, so serve new requests for a while.
   * `limitMs`: how long answers may take; undefined: as the settings say. `begun`: a start-up step is under way that opens
   * or binds something, which must finish before it can be closed.
   */
  | {
      readonly kind: 'drain';
      readonly deregister: boolean;
      readonly delay: boolean;
      readonly limitMs: number | undefined;
      readonly begun: boolean;
    }
  /** Applies the limits of a stop to a drain that was given hours. */
  | { readonly kind: 'hurry' }
  | { readonly kind: 'close' }
  | { readonly kind: 'exit'; readonly code: number };

/** The result of a transition. */
export interface ProgramStep {
  readonly state: ProgramState;
  readonly action: ProgramAction;
}

/** The first state of a program, once its settings are read. */
export const firstProgramState: ProgramState = { kind: 'starting' };

/**
 * The lifecycle of a program as one pure function. An event that has no meaning in a state changes nothing: the result of a
 * start-up step after the program was told to stop, for example.
 */
export function advanceProgram(state: ProgramState, event: ProgramEvent): ProgramStep {
  switch (event.kind) {
    case 'built':
      if (state.kind !== 'starting') return stay(state);
      return event.othersServe ? go('warming', { kind: 'warm-up' }) : bind(false);
    case 'warm':
      return state.kind === 'warming' ? bind(true) : stay(state);
    case 'bound':
      return state.kind === 'binding' ? go('listening', { kind: 'await-checks' }) : stay(state);
    case 'well':
      return state.kind === 'listening' ? go('ready', { kind: 'announce' }) : stay(state);
    case 'stop':
      if (state.kind === 'draining' && state.replaced) return { state, action: { kind: 'hurry' } };
      if (hasEnded(state)) return stay(state);
      return {
        state: { kind: 'draining', replaced: false },
        action: {
          kind: 'drain',
          deregister: true,
          delay: isKnown(state),
          limitMs: undefined,
          begun: isOpening(state),
        },
      };
    case 'replaced':
      if (hasEnded(state)) return stay(state);
      return {
        state: { kind: 'draining', replaced: true },
        // The successors listen on the same socket, so there is nobody to wait for.
        action: {
          kind: 'drain',
          deregister: event.deregister,
          delay: false,
          limitMs: event.limitMs,
          begun: isOpening(state),
        },
      };
    case 'drained':
      return state.kind === 'draining' ? go('closing', { kind: 'close' }) : stay(state);
    case 'closed':
      return state.kind === 'closing' ? go('stopped', { kind: 'exit', code: 0 }) : stay(state);
    case 'failed':
      return hasEnded(state) ? stay(state) : go('failed', { kind: 'exit', code: event.code });
    default:
      return event satisfies never;
  }
}

type PlainState = Exclude<ProgramState['kind'], 'draining' | 'binding'>;

function go(kind: PlainState, action: ProgramAction): ProgramStep {
  return { state: { kind }, action };
}

function bind(othersServe: boolean): ProgramStep {
  return { state: { kind: 'binding', othersServe }, action: { kind: 'bind' } };
}

function stay(state: ProgramState): ProgramStep {
  return { state, action: { kind: 'none' } };
}

/** Whether the program is stopping or has ended. */
function hasEnded({ kind }: ProgramState): boolean {
  return kind === 'draining' || kind === 'closing' || kind === 'stopped' || kind === 'failed';
}

/** Whether anybody may send it requests: a program that has never listened is known to nobody. */
function isKnown({ kind }: ProgramState): boolean {
  return kind === 'listening' || kind === 'ready';
}

function isOpening({ kind }: ProgramState): boolean {
  return kind === 'starting' || kind === 'binding';
}

/**
 * What the probes report for a state; `starting` and `draining` are never ready, whatever the checks say. A program that binds
 * its ports one by one may already get requests on the first.
 */
export function healthStateOf(state: ProgramState): LifeState {
  switch (state.kind) {
    case 'starting':
    case 'failed':
      return 'starting';
    case 'binding':
      return state.othersServe ? 'ready' : 'starting';
    case 'warming':
    case 'listening':
    case 'ready':
      return 'ready';
    case 'draining':
      return state.replaced ? 'replaced' : 'draining';
    case 'closing':
    case 'stopped':
      return 'draining';
    default:
      return state satisfies never;
  }
}
