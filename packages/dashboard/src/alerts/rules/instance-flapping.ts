import type { AlertFacts } from '../facts.ts';
import type { AlertRule, Finding } from '../rule.ts';

/** So often within the window, an instance does not stay up. */
const raisedTimes = 3;
const windowMs = 10 * 60_000;

/** When an instance came down, as far as that is seen. */
interface Seen {
  readonly program: string;
  readonly isUp: boolean;
  readonly restarts: number | undefined;
  readonly downMs: readonly number[];
}

/** An instance comes and goes. Each watch has its own: it remembers what it saw. */
export function instanceFlappingRule(): AlertRule {
  let seen: ReadonlyMap<string, Seen> = new Map();
  return {
    kind: 'instance-flapping',
    holdMs: 0,
    // The window is long enough.
    clearMs: 0,
    examine(facts) {
      if (facts.programs === undefined) return undefined;
      seen = look(seen, facts);
      return [...seen].flatMap(([name, instance]) => findingOf(name, instance));
    },
  };
}

function look(before: ReadonlyMap<string, Seen>, { programs = [], nowMs }: AlertFacts): ReadonlyMap<string, Seen> {
  const now = new Map<string, Seen>();
  for (const { name: program, instances } of programs)
    for (const { name, state, restarts } of instances) {
      const known = before.get(name);
      const isUp = state === 'healthy' || state === 'degraded';
      const recent = known?.downMs.filter((atMs) => atMs > nowMs - windowMs) ?? [];
      const times = known === undefined ? 0 : timesDown(known, { isUp, restarts, state });
      const downMs = [...recent, ...Array.from({ length: times }, () => nowMs)];
      now.set(name, { program, isUp, restarts, downMs });
    }
  return now;
}

/** How often it came down since it was last seen. What somebody stopped did not. */
function timesDown(
  known: Seen,
  { isUp, restarts, state }: { readonly isUp: boolean; readonly restarts: number | undefined; readonly state: string },
): number {
  // The supervisor counts; a lower count is that of a new process.
  if (restarts !== undefined && known.restarts !== undefined) return Math.max(0, restarts - known.restarts);
  const isMeant = state === 'stopped' || state === 'stopping' || state === 'draining';
  return known.isUp && !isUp && !isMeant ? 1 : 0;
}

function findingOf(name: string, { program, downMs }: Seen): readonly Finding[] {
  if (downMs.length === 0) return [];
  const minutes = windowMs / 60_000;
  return [
    {
      subject: name,
      level: downMs.length >= raisedTimes ? 'raised' : 'lingering',
      severity: 'warning',
      text: {
        en: `${name} does not stay up: it went down ${downMs.length} times within ${minutes} minutes`,
        zh: `${name} 反复中断：${minutes} 分钟内中断了 ${downMs.length} 次`,
      },
      link: `/logs?service=${encodeURIComponent(program)}&level=warn`,
    },
  ];
}
