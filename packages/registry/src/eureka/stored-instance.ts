import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AppError,
  addressKind,
  announcedAddressSchema,
  instanceIdSchema,
  maxLeaseMs,
  serviceNameSchema,
} from '@flotilla/contracts';
import type { InstanceView } from '../operations/registry-view.ts';
import type { JsonObject } from '../record/json-object.ts';
import type { Announcement } from '../write/announcement-changes.ts';
import type { EurekaDetails } from './eureka-instance.ts';
import { nativeStatus, type Override, withOverride } from './eureka-status.ts';
import type { GivenInstance } from './read-instance.ts';

/** What the log keeps of an instance that Eureka's API registered, beside what ours shows of it. */
export interface StoredExtra {
  readonly details: EurekaDetails;
  /** Its id, where ours has to be another one. */
  readonly instanceId?: string | undefined;
  /** What an operator has overridden its status with. `OUT_OF_SERVICE` is not here: it is our maintenance. */
  readonly override?: Override | undefined;
  /** Whether ours says in the metadata that it speaks TLS, which Eureka says by which port is enabled. */
  readonly addedScheme?: true | undefined;
  /** Metadata that ours has no room for: long values, and what is beyond the 64th. */
  readonly moreMetadata?: Readonly<Record<string, string>> | undefined;
}

/** What may be registered. */
export interface AddressRules {
  readonly allowLinkLocal?: boolean | undefined;
}

/** What the log keeps of an instance, if Eureka's API registered it. */
export function storedExtra({ origin, extra }: Pick<InstanceView, 'origin' | 'extra'>): StoredExtra | undefined {
  // What writes `eureka` as the origin writes this with it: announcementOf.
  return origin === 'eureka' && extra !== undefined ? (extra as unknown as StoredExtra) : undefined;
}

/**
 * The name of an application's service in ours: as its first virtual address spells it, if that is the same name, otherwise
 * in small letters. So the gateway finds `USER-SERVICE` as `user-service`, or as `userService` if its people write it so.
 */
function serviceNameOf(app: string, vipAddress: string | undefined): string {
  const [first = ''] = (vipAddress ?? '').split(',', 1);
  const spelt = first.trim().replace(/:\d+$/, '');
  return spelt.toUpperCase() === app ? spelt : app.toLowerCase();
}

/** The id of an instance in ours: its own, if that can stand in a path as it is. */
export function nativeIdOf(id: string): string {
  if (instanceIdSchema.safeParse(id).success) return id;
  const readable = id
    .replace(/[^A-Za-z0-9._:@-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100);
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 12);
  return readable === '' ? hash : `${readable}-${hash}`;
}

/**
 * How ours holds what a client registers.
 *
 * @throws {AppError} INVALID_REQUEST if it has no name or no address that ours could tell others
 */
export function announcementOf(
  { app, id, metadata, details }: GivenInstance,
  override: Override | undefined,
  rules: AddressRules,
): Announcement {
  const name = serviceNameOf(app, details.vipAddress);
  if (!serviceNameSchema.safeParse(name).success)
    throw refusal(
      `Invalid appName ${app}: use up to 63 letters, digits, ".", "_" and "-", and begin with a letter or digit`,
    );
  const nativeId = nativeIdOf(id);
  const { status, draining } = nativeStatus(withOverride(details.status, override));
  const [fitting, more] = splitMetadata(metadata);
  const addsScheme = isSecureOnly(details) && metadata['scheme'] === undefined;
  const extra: StoredExtra = {
    details,
    ...(nativeId === id ? {} : { instanceId: id }),
    ...(override === undefined ? {} : { override }),
    ...(addsScheme ? { addedScheme: true } : {}),
    ...(Object.keys(more).length === 0 ? {} : { moreMetadata: more }),
  };
  return {
    origin: 'eureka',
    name,
    id: nativeId,
    address: addressOf(details, rules),
    port: portOf(details),
    tags: tagsIn(metadata),
    metadata: addsScheme ? { ...fitting, scheme: 'https' } : fitting,
    weight: weightIn(metadata),
    leaseMs: leaseMsOf(details.leaseSeconds),
    draining,
    status,
    extra: asJson(extra),
    checks: [],
    replaceChecks: false,
  };
}

/** The metadata that a client has registered, of an instance as ours shows it. */
export function givenMetadata(
  metadata: Readonly<Record<string, string>>,
  { addedScheme, moreMetadata }: StoredExtra,
): Readonly<Record<string, string>> {
  if (addedScheme !== true && moreMetadata === undefined) return metadata;
  const { scheme, ...others } = metadata;
  return { ...(addedScheme === true || scheme === undefined ? others : metadata), ...moreMetadata };
}

function isSecureOnly({ port, securePort }: EurekaDetails): boolean {
  return !port.enabled && securePort.enabled;
}

/** How long the lease of an instance is: what it asks for, at most a day. */
function leaseMsOf(seconds: number): number {
  return Math.min(seconds * 1_000, maxLeaseMs);
}

function portOf({ port, securePort }: EurekaDetails): number {
  if (port.enabled) return port.port;
  return securePort.enabled ? securePort.port : 0;
}

/**
 * Where an instance is: at its address, since its host name often means something on its own machine only. A host name that
 * is an address itself was chosen on purpose.
 */
function addressOf({ hostName, ipAddr }: EurekaDetails, { allowLinkLocal = false }: AddressRules): string {
  const candidates = isIP(hostName) === 0 ? [ipAddr, hostName] : [hostName, ipAddr];
  const address = candidates
    .map((candidate) => candidate.replace(/%.*$/, ''))
    .find((candidate) => announcedAddressSchema.safeParse(candidate).success);
  if (address === undefined)
    throw refusal(`Neither ipAddr ${ipAddr} nor hostName ${hostName} is an address that others can reach`);
  const kind = addressKind(address);
  if (!allowLinkLocal && (kind === 'link-local' || kind === 'metadata'))
    throw refusal(`${address} is a link-local address: set ALLOW_LINK_LOCAL on the registry to accept it`);
  return address;
}

/** The entries of metadata that stand for what Eureka has no field for; our own client writes and reads them so. */
export const ownEntries = { tags: 'flotilla-tags', weight: 'flotilla-weight' } as const;

function tagsIn(metadata: Readonly<Record<string, string>>): readonly string[] {
  const tags = (metadata[ownEntries.tags] ?? '').split(' ').filter((tag) => /^[\x21-\x7e]{1,64}$/.test(tag));
  return tags.slice(0, 32);
}

function weightIn(metadata: Readonly<Record<string, string>>): number {
  const text = metadata[ownEntries.weight] ?? '';
  return /^\d{1,4}$/.test(text) && Number(text) <= 1_000 ? Number(text) : 1;
}

/** Splits metadata into what ours shows and the rest. */
function splitMetadata(
  metadata: Readonly<Record<string, string>>,
): readonly [fitting: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>] {
  const fitting: [string, string][] = [];
  const more: [string, string][] = [];
  for (const entry of Object.entries(metadata)) {
    const [key, value] = entry;
    const fits = key.length >= 1 && key.length <= 64 && value.length <= 512 && fitting.length < 64;
    (fits ? fitting : more).push(entry);
  }
  return [Object.fromEntries(fitting), Object.fromEntries(more)];
}

/** The same without what is undefined, which JSON does not have. */
function asJson(extra: StoredExtra): JsonObject {
  return JSON.parse(JSON.stringify(extra)) as JsonObject; // It has texts, numbers and booleans only.
}

function refusal(detail: string): AppError<'INVALID_REQUEST'> {
  return new AppError('INVALID_REQUEST', { detail });
}
