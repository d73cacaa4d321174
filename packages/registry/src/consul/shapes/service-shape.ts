import type { InstanceView } from '../../operations/registry-view.ts';
import type { Json } from '../../record/json-object.ts';
import { objectOf, textOf } from './service-extra.ts';

/** A service, which is one instance to us, as Consul's clients are shown it. */
export interface ServiceShape {
  readonly Kind?: string;
  readonly ID: string;
  readonly Service: string;
  readonly Tags: readonly string[];
  readonly Address: string;
  readonly TaggedAddresses?: Json;
  readonly Meta: Readonly<Record<string, string>>;
  readonly Port: number;
  readonly Ports?: Json;
  readonly SocketPath?: string;
  readonly Weights: Json;
  readonly EnableTagOverride: boolean;
  readonly Proxy?: Json;
  readonly Connect?: Json;
  readonly AI?: Json;
  readonly Locality?: Json;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

/** What Consul calls an instance: by the id that its client gave, or ours. */
export function serviceIdOf({ shown, extra }: Pick<InstanceView, 'shown' | 'extra'>): string {
  return textOf(extra?.['ID']) ?? shown.id;
}

/** The node an instance is on; undefined: ours. */
export function nodeOf({ extra }: Pick<InstanceView, 'extra'>): string | undefined {
  return textOf(extra?.['Node']);
}

/** What every route shows of an instance as a service, in Consul's order. */
export function serviceShape(view: InstanceView): ServiceShape {
  const { shown, createdRevision } = view;
  const extra = view.extra ?? {};
  const kind = textOf(extra['Kind']);
  const socketPath = textOf(extra['SocketPath']);
  const address = textOf(extra['Address']) ?? shown.address;
  const tagged = objectOf(extra['TaggedAddresses']) ?? {};
  const addresses = { ...byFamily(address, shown.port), ...tagged };
  return {
    ...(kind === undefined || kind === '' ? {} : { Kind: kind }),
    ID: serviceIdOf(view),
    Service: shown.name,
    Tags: shown.tags,
    Meta: shown.metadata,
    Port: shown.port,
    ...given('Ports', extra['Ports']),
    Address: address,
    ...(socketPath === undefined || socketPath === '' ? {} : { SocketPath: socketPath }),
    ...(Object.keys(addresses).length === 0 ? {} : { TaggedAddresses: addresses }),
    Weights: extra['Weights'] ?? { Passing: shown.weight, Warning: shown.weight },
    EnableTagOverride: extra['EnableTagOverride'] === true,
    ...given('Proxy', extra['Proxy']),
    ...given('Connect', extra['Connect']),
    ...given('AI', extra['AI']),
    ...given('Locality', extra['Locality']),
    CreateIndex: createdRevision,
    ModifyIndex: shown.revision,
  };
}

/** Consul adds a service's address by its family. */
function byFamily(address: string, port: number): Readonly<Record<string, Json>> {
  if (address === '') return {};
  const place = { Address: address, Port: port };
  if (/^\d+\.\d+\.\d+\.\d+$/.test(address)) return { lan_ipv4: place, wan_ipv4: place };
  return address.includes(':') ? { lan_ipv6: place, wan_ipv6: place } : {};
}

function given(name: string, value: Json | undefined): Readonly<Record<string, Json>> {
  return value === undefined || value === null ? {} : { [name]: value };
}
