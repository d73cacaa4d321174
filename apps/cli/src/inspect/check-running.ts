import type { FleetReport } from '@flotilla/fleet/control';
import { shortTime } from '../output/short-values.ts';
import { askRegistry } from './ask-registry.ts';
import type { Finding } from './finding.ts';

/** The `Date` of an answer is told in whole seconds: less than this is no difference. */
const noDifferenceMs = 2_000;

/** Whether the fleet runs, and its programs are ready. */
export function checkRunning(running: readonly FleetReport[], why: string | undefined): readonly Finding[] {
  if (running.length === 0)
    return [{ check: 'running', result: 'note', text: why ?? 'No fleet is running. Start it: flotilla up' }];
  return running.flatMap(({ pid, uptimeMs, processes }): Finding[] => {
    const unwell = processes.filter(({ state }) => state !== 'ready' && state !== 'done');
    const head = `process ${pid}, for ${shortTime(uptimeMs)}`;
    if (unwell.length === 0)
      return [{ check: 'running', result: 'ok', text: `${head}: ${processes.length} programs are ready` }];
    return unwell.map(({ name, state, why: reason }) => ({
      check: 'running',
      result: state === 'stopped' ? 'note' : 'problem',
      text: `${head}: ${name} is ${state}${reason === null ? '' : ` (${reason})`}. For details: flotilla logs ${name}`,
    }));
  });
}

/** Whether the registry answers and its clock agrees with ours. `isNeeded`: a running fleet has one. */
export async function checkRegistry(
  registry: URL,
  isNeeded: boolean,
  nowMs: () => number,
): Promise<readonly Finding[]> {
  const asked = await askRegistry(registry, '/services');
  if (!asked.ok) {
    const text = `Cannot reach ${registry.origin}: ${asked.reason}`;
    return [{ check: 'registry', result: isNeeded ? 'problem' : 'note', text }];
  }
  const count = Array.isArray(asked.value) ? asked.value.length : 0;
  const found: Finding = {
    check: 'registry',
    result: 'ok',
    text: `${registry.origin} answers within ${Math.max(1, Math.round(asked.tookMs))} ms and knows ${count} instances`,
  };
  if (Number.isNaN(asked.date)) return [found];
  const aheadMs = asked.date - nowMs();
  if (Math.abs(aheadMs) < noDifferenceMs)
    return [found, { check: 'clock', result: 'ok', text: 'agrees with that of the registry' }];
  const way = aheadMs > 0 ? 'behind' : 'ahead of';
  const text = `This clock is ${shortTime(Math.abs(aheadMs))} ${way} that of the registry. Synchronize both with a time server (NTP).`;
  return [found, { check: 'clock', result: 'problem', text }];
}
