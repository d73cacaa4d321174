import type { LifeState } from '../health/index.ts';

/** Where a program stands in its life. */
export type ProgramState =
  /** Its settings are good; it builds itself: files are opened, routes added. */
  | { readonly kind: 'starting' }
  /** Built. Others serve meanwhile, so it accepts nothing before its checks pass. */
  | { readonly kind: 'warming' }
  /** Asks the system for its ports. `othersServe`: on those, too, so that the program is as well as it was. */
  | { readonly kind: 'binding'; readonly othersServe: boolean }
  /** Accepts connections; its checks have not passed yet, so nobody is told. */
  | { readonly kind: 'listening' }
  /** Serves, and is announced. */
  | { readonly kind: 'ready' }
  /** Takes no new work and finishes what has begun. `replaced`: others serve in its place. */
  | { readonly kind: 'draining'; readonly replaced: boolean }
  /** Everything is answered, or its time is over: lets go of what it holds. */
  | { readonly kind: 'closing' }
  | { readonly kind: 'stopped' }
  /** The start came to nothing. */
  | { readonly kind: 'failed' };

/** What can happen to a program. */
export type ProgramEvent =
  /** It has built itself. `othersServe`: whoever connects is better off with them until it is well. */
  | { readonly kind: 'built'; readonly othersServe: boolean }
  /** It is well, or has waited for that long enough. */
  | { readonly kind: 'warm' }
  /** All its servers listen. */
  | { readonly kind: 'bound' }
  /** Its checks pass for the first time since it listens. */
  | { readonly kind: 'well' }
  /** Somebody tells it to stop, or whoever started it is gone. */
  | { readonly kind: 'stop' }
  /** Others have taken over. `deregister`: they go by another name. */
  | { readonly kind: 'replaced'; readonly deregister: boolean; readonly limitMs: number }
  | { readonly kind: 'drained' }
  | { readonly kind: 'closed' }
  /** A step of the start failed. `code`: what the process exits with. */
  | { readonly kind: 'failed'; readonly code: number };

/** What has to be done next. Whatever it comes to is the next event. */
export type ProgramAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'warm-up' }
  | { readonly kind: 'bind' }
  | { readonly kind: 'await-checks' }
  | { readonly kind: 'announce' }
  /**
   * `deregister`: the registry is told. `delay`: callers may know it, so new requests are served for a while.
   * `limitMs`: how long answers may take; undefined: as the settings say. `begun`: a step of the start is under way that opens
   * or binds something, which has to be there before it can be closed.
   */
  | {
      readonly kind: 'drain';
      readonly deregister: boolean;
      readonly delay: boolean;
      readonly limitMs: number | undefined;
      readonly begun: boolean;
    }
  /** A drain that was given hours is to end as a stop does. */
  | { readonly kind: 'hurry' }
  | { readonly kind: 'close' }
  | { readonly kind: 'exit'; readonly code: number };

/** A transition's outcome. */
export interface ProgramStep {
  readonly state: ProgramState;
  readonly action: ProgramAction;
}

/** The state of a program whose settings have been read. */
export const firstProgramState: ProgramState = { kind: 'starting' };

/**
 * The life of a program as one pure function. An event that means nothing in a state changes nothing: what a step of the start
 * comes to once the program has been told to stop, for instance.
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
        // The successors listen on the same socket: there is nobody to wait for.
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

/** Whether it is on its way out, or gone. */
function hasEnded({ kind }: ProgramState): boolean {
  return kind === 'draining' || kind === 'closing' || kind === 'stopped' || kind === 'failed';
}

/** Whether anybody may send it something: whoever has never listened is known to nobody. */
function isKnown({ kind }: ProgramState): boolean {
  return kind === 'listening' || kind === 'ready';
}

function isOpening({ kind }: ProgramState): boolean {
  return kind === 'starting' || kind === 'binding';
}

/**
 * What the probes say of a state; `starting` and `draining` are never ready, whatever the checks say. Who binds one port after
 * another may already be asked on the first.
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
