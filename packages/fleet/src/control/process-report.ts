import type { ProcessSnapshot } from '../supervise/supervised-process.ts';
import type { ProcessReport, ReportedState } from './control-types.ts';
import type { GroupUsage } from './process-usage.ts';

/** What is known about a process besides its state. */
export interface ReportedSpec {
  readonly role: string;
  /** Why only one instance of the program can run. */
  readonly singleBecause?: string | undefined;
  readonly port: number | undefined;
  /** What it waits for before it is started. */
  readonly after: readonly string[];
}

/** The resource usage of a process, if it was measured. */
export interface MeasuredUsage extends Pick<GroupUsage, 'memoryBytes'> {
  readonly cpuPercent: number | null;
}

/** A process as reported to people and programs. */
export function reportProcess(
  snapshot: ProcessSnapshot,
  spec: ReportedSpec | undefined,
  nowMs: number,
  usage: MeasuredUsage | undefined,
): ProcessReport {
  const { name, program, state, pid, startedMs, restarts } = snapshot;
  return {
    name,
    program,
    role: spec?.role ?? 'service',
    singleBecause: spec?.singleBecause ?? null,
    state: reportedState(snapshot),
    why: reasonOf(snapshot, spec, nowMs),
    pid: pid ?? null,
    port: spec?.port ?? null,
    url: state.kind === 'ready' ? state.url : null,
    uptimeMs: startedMs === undefined ? null : Math.round(nowMs - startedMs),
    restarts,
    cpuPercent: usage?.cpuPercent ?? null,
    memoryBytes: usage?.memoryBytes ?? null,
  };
}

/** The state of a process, in one word. */
export function reportedState({ state }: ProcessSnapshot): ReportedState {
  switch (state.kind) {
    case 'idle':
      return 'waiting';
    case 'waiting':
      return 'restarting';
    case 'ended':
      return state.end.code === 0 ? 'done' : 'ended';
    case 'starting':
    case 'ready':
    case 'stopping':
    case 'stopped':
    case 'misconfigured':
      return state.kind;
    default:
      return state satisfies never;
  }
}

function reasonOf({ state }: ProcessSnapshot, spec: ReportedSpec | undefined, nowMs: number): string | null {
  switch (state.kind) {
    case 'idle':
      return `waits for ${spec === undefined || spec.after.length === 0 ? 'the others' : spec.after.join(', ')}`;
    case 'waiting':
      return `crashed ${times(state.crashes)}, restarts in ${seconds(state.dueMs - nowMs)}`;
    case 'starting':
      return state.crashes > 0 ? `crashed ${times(state.crashes)}` : null;
    case 'ended':
      if (state.end.code === 0) return null;
      return state.end.signal === null ? `exit code ${state.end.code ?? 'unknown'}` : `ended by ${state.end.signal}`;
    case 'stopping':
      return state.next === 'stay' ? null : 'restarts after that';
    case 'misconfigured':
      return 'wrong settings or a broken installation: see its log';
    case 'ready':
    case 'stopped':
      return null;
    default:
      return state satisfies never;
  }
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times in a row`;
}

function seconds(durationMs: number): string {
  return `${Math.max(0, durationMs / 1000).toFixed(1)} s`;
}
