import { addressKind, addressSchema } from '@flotilla/contracts';
import type { Json, JsonObject } from '../../record/json-object.ts';
import type { Announcement } from '../../write/announcement-changes.ts';
import type { WantedCheck } from '../../write/check-changes.ts';
import { type Shape, type StructShape, struct } from '../base/go-json.ts';
import { Refusal } from '../base/refusal.ts';
import { instanceIdOf, requireServiceName } from '../shapes/instance-name.ts';
import { extraFields, isList, objectOf, objectsOf, textIn, textOf } from '../shapes/service-extra.ts';
import { checkShape, wantedCheck } from './check-body.ts';

const placeShape = struct('ServiceAddress', { Address: 'string', Port: 'int' });
const portShape = struct('ServicePort', { Name: 'string', Port: 'int', Default: 'bool' });

/** What agents and catalogs are told of a service alike. */
export const serviceFieldShapes: Readonly<Record<string, Shape>> = {
  Kind: 'string',
  ID: 'string',
  Tags: { listOf: 'string' },
  Address: 'string',
  SocketPath: 'string',
  Port: 'int',
  Ports: { listOf: portShape },
  Meta: { mapOf: 'string' },
  TaggedAddresses: { mapOf: placeShape },
  Weights: struct('Weights', { Passing: 'int', Warning: 'int' }),
  EnableTagOverride: 'bool',
  Proxy: 'any',
  Connect: 'any',
  AI: 'any',
  Locality: 'any',
  Namespace: 'string',
  Partition: 'string',
  PeerName: 'string',
  Datacenter: 'string',
  ContentHash: 'string',
  CreateIndex: 'int',
  ModifyIndex: 'int',
};

/** The body of `agent/service/register`. */
export const registrationShape: StructShape = struct('ServiceDefinition', {
  ...serviceFieldShapes,
  Name: 'string',
  Service: 'string',
  Token: 'string',
  Check: checkShape,
  Checks: { listOf: checkShape },
});

/** Where a service is registered. */
export interface Registering {
  /** Where it is if it does not say. */
  readonly defaultAddress: string;
  /** What it is shown with as its address if it gives none; undefined: that it gave none. */
  readonly shownAddress: string | undefined;
  /** The node it is on; undefined: ours. */
  readonly node: string | undefined;
  /** Whether link-local addresses and those of clouds' metadata services are taken. */
  readonly allowLinkLocal: boolean;
}

const kinds = [
  ...['', 'typical', 'connect-proxy', 'mesh-gateway', 'terminating-gateway', 'ingress-gateway', 'api-gateway'],
];

/**
 * What a body that describes a service asks for.
 *
 * @param checks those of the service, as they are to be
 * @throws {Refusal} 400
 */
export function announcementOf(
  body: JsonObject,
  name: string,
  where: Registering,
): Omit<Announcement, 'checks' | 'replaceChecks'> {
  requireServiceName(name);
  const serviceId = textIn(body, 'ID') || name;
  const id = instanceIdOf(serviceId, where.node);
  const given = textIn(body, 'Address');
  const kind = textIn(body, 'Kind');
  if (!kinds.includes(kind)) throw new Refusal(400, `Invalid service kind: ${JSON.stringify(kind.slice(0, 64))}`);
  const weights = weightsOf(body);
  const extra: Record<string, Json> = {};
  for (const field of extraFields) {
    const value = body[field];
    if (value !== undefined && !isNothing(value)) extra[field] = value;
  }
  delete extra['ID'];
  extra['Weights'] = { ...weights };
  delete extra['Address'];
  if (id !== serviceId) extra['ID'] = serviceId;
  if (where.node !== undefined) extra['Node'] = where.node;
  if (given === '' && where.shownAddress === undefined) extra['Address'] = '';
  return {
    origin: 'consul',
    name,
    id,
    address: usable(given === '' ? where.defaultAddress : given, where.allowLinkLocal),
    port: portOf(body),
    tags: tagsOf(body['Tags']),
    metadata: metadataOf(body['Meta']),
    weight: weights.Passing,
    leaseMs: 0,
    extra,
  };
}

/** The checks of a service as its registration gives them, with Consul's names for those that have none. */
export function checksOf(body: JsonObject, name: string): readonly WantedCheck[] {
  const given = objectsOf(body['Check'], body['Checks']);
  const serviceId = textIn(body, 'ID') || name;
  return given.map((check, index) =>
    wantedCheck(check, {
      id: given.length === 1 ? `service:${serviceId}` : `service:${serviceId}:${index + 1}`,
      name: `Service '${name}' check`,
    }),
  );
}

function usable(address: string, allowLinkLocal: boolean): string {
  if (!addressSchema.safeParse(address).success)
    throw new Refusal(
      400,
      `Invalid service address ${JSON.stringify(address.slice(0, 100))}: it is no IP address or host name`,
    );
  const kind = addressKind(address);
  if (kind === 'unspecified' || kind === 'multicast' || kind === 'broadcast')
    throw new Refusal(400, 'Invalid service address');
  if (!allowLinkLocal && (kind === 'link-local' || kind === 'metadata'))
    throw new Refusal(400, 'Invalid service address: link-local and cloud metadata addresses need ALLOW_LINK_LOCAL');
  return address;
}

/** The port; the default one where there are several. */
function portOf(body: JsonObject): number {
  const ports = objectsOf(body['Ports']);
  const port = Number(body['Port'] ?? ports.find(({ Default }) => Default === true)?.['Port'] ?? 0);
  if (port >= 0 && port <= 65_535) return port;
  throw new Refusal(400, `Invalid port ${port}: it must be between 0 and 65535`);
}

/** Clients that mean none send zeros. */
function weightsOf(body: JsonObject): { readonly Passing: number; readonly Warning: number } {
  const { Passing = 0, Warning = 0 } = objectOf(body['Weights']) ?? {};
  const [passing, warning] = [Number(Passing), Number(Warning)];
  if (passing === 0 && warning === 0) return { Passing: 1, Warning: 1 };
  if (passing < 1) throw new Refusal(400, 'Invalid Weights: Passing must be greater than 0');
  if (warning < 0) throw new Refusal(400, 'Invalid Weights: Warning must be greater or equal than 0');
  if (passing > 65_535 || warning > 65_535)
    throw new Refusal(400, 'Invalid Weights: DNS Weight must be between 0 and 65535');
  return { Passing: passing, Warning: warning };
}

function tagsOf(value: Json | undefined): readonly string[] {
  const tags = listOf(value).map(String);
  if (tags.length > 256) throw new Refusal(400, 'Invalid tags: at most 256 are allowed');
  if (tags.some((tag) => tag.length > 4_096))
    throw new Refusal(400, 'Invalid tag: at most 4096 characters are allowed');
  return tags;
}

/** The limits are Consul's. */
function metadataOf(value: Json | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(objectOf(value) ?? {}).map(([key, text]): [string, string] => [
    key,
    textOf(text) ?? '',
  ]);
  if (entries.length > 64)
    throw new Refusal(400, 'Invalid Service Meta: Node metadata cannot contain more than 64 key/value pairs');
  for (const [key, text] of entries) {
    const why = metaProblem(key, text);
    if (why === undefined) continue;
    const pair = `('${key.slice(0, 128)}', '${text.slice(0, 64)}')`;
    throw new Refusal(400, `Invalid Service Meta: Couldn't load metadata pair ${pair}: ${why}`);
  }
  return Object.fromEntries(entries);
}

function metaProblem(key: string, text: string): string | undefined {
  if (key === '') return 'Key cannot be blank';
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return 'Key contains invalid characters';
  if (key.length > 128) return 'Key is too long (limit: 128 characters)';
  return text.length > 512 ? 'Value is too long (limit: 512 characters)' : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function isNothing(value: Json): boolean {
  return value === '' || value === false || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}

/** Which checks of a registration follow another service: what is kept of that in the instance's `extra`. */
export function aliasesIn(body: JsonObject, checks: readonly WantedCheck[]): JsonObject {
  const targets = objectsOf(body['Check'], body['Checks']).map((check) => textIn(check, 'AliasService'));
  const aliases = checks.flatMap(({ check }, index): [string, string][] => {
    const target = targets[index] ?? '';
    return target === '' ? [] : [[check, target]];
  });
  return aliases.length === 0 ? {} : { Aliases: Object.fromEntries(aliases) };
}
