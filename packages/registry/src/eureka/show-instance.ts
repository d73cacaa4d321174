import { isIP } from 'node:net';
import type { InstanceView } from '../operations/registry-view.ts';
import {
  type ActionType,
  detailDefaults,
  type EurekaDetails,
  type EurekaInstance,
  ownDataCenter,
} from './eureka-instance.ts';
import { type EurekaStatus, shownStatus, withOverride } from './eureka-status.ts';
import { givenMetadata, ownEntries, storedExtra } from './stored-instance.ts';

/** What Eureka's clients are told of an instance beside what it is. */
export interface Listing {
  /** The id that they know it by. */
  readonly id: string;
  readonly action: ActionType;
  /** When it last changed, in milliseconds since 1970. */
  readonly updatedMs: number;
}

/** The application that a service is for Eureka's clients. */
export function appOf(name: string): string {
  return name.toUpperCase();
}

/** How Eureka's clients are shown an instance, whoever registered it. */
export function showEurekaInstance(view: InstanceView, { id, action, updatedMs }: Listing): EurekaInstance {
  const { shown } = view;
  const extra = storedExtra(view);
  const registeredMs = Date.parse(shown.registered_at);
  const status = statusOf(view);
  return {
    ...(extra?.details ?? detailsOf(view)),
    id,
    app: appOf(shown.name),
    status,
    overridden: shown.status === 'maintenance' ? 'OUT_OF_SERVICE' : (extra?.override?.status ?? 'UNKNOWN'),
    metadata: metadataOf(view),
    registeredMs,
    renewedMs: Date.parse(shown.last_seen),
    goneMs: action === 'DELETED' ? updatedMs : 0,
    upMs: status === 'UP' || extra?.details.status === 'UP' ? registeredMs : 0,
    updatedMs,
    action,
  };
}

/** The id of an instance, as it was registered. */
export function idOf(view: InstanceView): string {
  return storedExtra(view)?.instanceId ?? view.shown.id;
}

/** The status that Eureka's clients are shown. */
export function statusOf(view: InstanceView): EurekaStatus {
  const extra = storedExtra(view);
  const reported = extra && withOverride(extra.details.status, extra.override);
  return shownStatus(view.shown, reported);
}

/** All metadata, and for an instance of another API what Eureka has no field for. */
function metadataOf(view: InstanceView): Readonly<Record<string, string>> {
  const { metadata, tags, weight } = view.shown;
  const extra = storedExtra(view);
  if (extra !== undefined) return givenMetadata(metadata, extra);
  if (tags.length === 0 && weight === 1) return metadata;
  return {
    ...metadata,
    ...(tags.length === 0 ? {} : { [ownEntries.tags]: tags.join(' ') }),
    ...(weight === 1 ? {} : { [ownEntries.weight]: String(weight) }),
  };
}

/** The virtual addresses of an instance, each a list with commas. */
export function virtualAddresses(view: InstanceView): Pick<EurekaDetails, 'vipAddress' | 'secureVipAddress'> {
  const { name } = view.shown;
  return storedExtra(view)?.details ?? { vipAddress: name, secureVipAddress: name };
}

/** What an instance that Eureka's API did not register would have said there. */
function detailsOf({ shown }: InstanceView): EurekaDetails {
  const { name, address, port, lease_ms: leaseMs, registered_at: registeredAt } = shown;
  const leaseSeconds = leaseMs === 0 ? detailDefaults.leaseSeconds : Math.ceil(leaseMs / 1_000);
  const host = isIP(address) === 6 ? `[${address}]` : address;
  return {
    hostName: address,
    ipAddr: address,
    status: 'UP',
    port: { port, enabled: port > 0 },
    securePort: { port: 443, enabled: false },
    countryId: detailDefaults.countryId,
    dataCenter: ownDataCenter,
    renewalSeconds: Math.max(1, Math.floor(leaseSeconds / 3)),
    leaseSeconds,
    vipAddress: name,
    secureVipAddress: name,
    ...(port > 0 ? { homePageUrl: `http://${host}:${port}/` } : {}),
    isCoordinating: false,
    dirtyMs: Date.parse(registeredAt),
  };
}
