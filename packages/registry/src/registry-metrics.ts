import type { Metrics } from '@flotilla/kit/telemetry';
import type { Registry } from './registry.ts';

/** Shows a registry's numbers at `/metrics`. They are asked for when somebody reads them, so they cost nothing else. */
export function registryMetrics(registry: Registry, metrics: Metrics): void {
  const instances = metrics.gauge({
    name: 'registry_instances',
    help: 'Registered instances by service and status.',
    labels: ['service', 'status'],
    // Registries that share a store see the same instances.
    merge: 'max',
  });
  const watches = metrics.gauge({ name: 'registry_watches', help: 'Open watches: streams and long polls.' }).labels();
  const revision = metrics
    .gauge({ name: 'registry_revision', help: 'Revision of the last commit.', merge: 'max' })
    .labels();
  const keys = metrics.gauge({ name: 'registry_keys', help: 'Number of keys.', merge: 'max' }).labels();
  const keyBytes = metrics
    .gauge({ name: 'registry_keys_bytes', help: 'Bytes of all keys and their values.', merge: 'max' })
    .labels();
  const sessions = metrics.gauge({ name: 'registry_sessions', help: 'Number of sessions.', merge: 'max' }).labels();
  const renewals = metrics
    .counter({ name: 'registry_lease_renewals_total', help: 'Lease renewals, not counting registrations.' })
    .labels();
  const expired = metrics
    .counter({ name: 'registry_leases_expired_total', help: 'Instances removed because their lease expired.' })
    .labels();
  const checks = metrics.gauge({
    name: 'registry_checks',
    help: 'Checks of instances by type and status.',
    labels: ['type', 'status'],
    merge: 'max',
  });
  const suspect = metrics
    .gauge({
      name: 'registry_checks_silence_suspect',
      help: '1 while so many machines are silent together that checks ignore their silence.',
      merge: 'max',
    })
    .labels();
  const late = metrics
    .counter({ name: 'registry_checks_late_total', help: 'Checks that began more than a second late.' })
    .labels();
  const probes = metrics.histogram({
    name: 'registry_check_duration_seconds',
    help: 'Duration of the checks that the registry makes.',
    labels: ['type'],
  });
  registry.checks.stats.onProbed((type, durationMs) => probes.labels(type).observe(durationMs / 1_000));
  let lateBefore = registry.checks.stats.late;
  let shownChecks: ReadonlyMap<string, readonly [string, string]> = new Map();
  const suspects = metrics
    .gauge({
      name: 'registry_suspect_instances',
      help: 'Silent instances that are kept because too many fell silent at once.',
    })
    .labels();
  const openings = metrics
    .counter({
      name: 'registry_guard_openings_total',
      help: 'How often the registry began to keep silent instances because too many fell silent at once.',
    })
    .labels();
  let openedBefore = 0;
  let before = registry.stats();
  let shown = new Map<string, readonly [string, string]>();

  metrics.onCollect(() => {
    const now = registry.stats();
    watches.set(now.watches);
    suspects.set(registry.guard.suspects);
    openings.inc(registry.guard.openings - openedBefore);
    openedBefore = registry.guard.openings;
    keys.set(registry.keys.size);
    keyBytes.set(registry.keys.bytes);
    sessions.set(registry.sessions.size);
    revision.set(now.revision);
    renewals.inc(now.renewals - before.renewals);
    expired.inc(now.expired - before.expired);
    before = now;
    const present = new Map<string, readonly [string, string]>();
    for (const { name, status, count } of registry.counts()) {
      instances.labels(name, status).set(count);
      present.set(`${name} ${status}`, [name, status]);
    }
    for (const [key, labels] of shown) if (!present.has(key)) instances.remove(...labels);
    shown = present;
    suspect.set(registry.checks.isSilenceSuspect ? 1 : 0);
    late.inc(registry.checks.stats.late - lateBefore);
    lateBefore = registry.checks.stats.late;
    const counts = new Map<string, [type: string, status: string, count: number]>();
    for (const { type, status } of registry.checks.all()) {
      const key = `${type} ${status}`;
      const counted = counts.get(key);
      if (counted === undefined) counts.set(key, [type, status, 1]);
      else counted[2] += 1;
    }
    for (const [type, status, count] of counts.values()) checks.labels(type, status).set(count);
    for (const [key, labels] of shownChecks) if (!counts.has(key)) checks.remove(...labels);
    shownChecks = new Map([...counts].map(([key, [type, status]]) => [key, [type, status]] as const));
  });
}
