import type { Translated } from '@flotilla/contracts';
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
  const why = reasonOf(snapshot, spec, nowMs);
  return {
    name,
    program,
    role: spec?.role ?? 'service',
    singleBecause: spec?.singleBecause ?? null,
    state: reportedState(snapshot),
    why: why?.en ?? null,
    whyIn: why,
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

function reasonOf({ state }: ProcessSnapshot, spec: ReportedSpec | undefined, nowMs: number): Translated | null {
  switch (state.kind) {
    case 'idle': {
      const after = spec?.after ?? [];
      return after.length === 0
        ? both('waits for the others', '等待其他程序')
        : both(`waits for ${after.join(', ')}`, `等待 ${after.join('、')}`);
    }
    case 'waiting': {
      const due = seconds(state.dueMs - nowMs);
      return both(
        `crashed ${times(state.crashes)}, restarts in ${due} s`,
        `${timesInChinese(state.crashes)}，${due} 秒后重启`,
      );
    }
    case 'starting':
      return state.crashes > 0 ? both(`crashed ${times(state.crashes)}`, timesInChinese(state.crashes)) : null;
    case 'ended': {
      const { code, signal } = state.end;
      if (code === 0) return null;
      return signal === null
        ? both(`exit code ${code ?? 'unknown'}`, `退出码 ${code ?? '未知'}`)
        : both(`ended by ${signal}`, `被 ${signal} 终止`);
    }
    case 'stopping':
      return state.next === 'stay' ? null : both('restarts after that', '停止后会重启');
    case 'misconfigured':
      return both('wrong settings or a broken installation: see its log', '配置有误或安装损坏：请查看其日志');
    case 'ready':
    case 'stopped':
      return null;
    default:
      return state satisfies never;
  }
}

function both(en: string, zh: string): Translated {
  return { en, 'zh-CN': zh };
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times in a row`;
}

function timesInChinese(count: number): string {
  return count === 1 ? '崩溃一次' : `连续崩溃 ${count} 次`;
}

function seconds(durationMs: number): string {
  return Math.max(0, durationMs / 1000).toFixed(1);
}
