import type { Metrics } from '@flotilla/kit/telemetry';
import type { Registry } from './registry.ts';

/** Shows a registry's numbers at `/metrics`. They are asked for when somebody reads them, so they cost nothing else. */
export function registryMetrics(registry: Registry, metrics: Metrics): void {
  const instances = metrics.gauge({
    name: 'registry_instances',
    help: 'Registered instances by service and status.',
    labels: ['service', 'status'],
    // Whoever shares a store sees the same instances.
    merge: 'max',
  });
  const watches = metrics.gauge({ name: 'registry_watches', help: 'Open watch streams.' }).labels();
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
  let before = registry.stats();
  let shown = new Map<string, readonly [string, string]>();

  metrics.onCollect(() => {
    const now = registry.stats();
    watches.set(now.watches);
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
  });
}
