import { fieldNameId } from '@flotilla/http1';
import type { Relocation } from '../config/proxy-route.ts';

const locationField = fieldNameId('location');
const contentLocationField = fieldNameId('content-location');

/** An address of the service that answered. */
export interface ServicePlace {
  readonly authority: string;
  readonly address: string;
  readonly port: number;
}

/** What a place that a service names is understood by. */
interface LocationContext {
  readonly relocation: Relocation;
  /** The authority that the client asked. */
  readonly publicHost: string;
  /** All instances of the service: one may send the client to another. */
  readonly places: readonly ServicePlace[];
}

/**
 * Turns `Location` and `Content-Location` in `fields` into what the client can follow.
 *
 * @param relocation undefined: they are kept
 */
export function relocateFields(
  fields: string[],
  relocation: Relocation | undefined,
  publicHost: string,
  places: readonly ServicePlace[],
): void {
  if (relocation !== undefined) relocateAll(fields, { relocation, publicHost, places });
}

/** Keeps the paths that a service names: no route leads to it, or one that leaves its paths as they are. */
export const asItCame: Relocation = { publicPath: () => undefined, isPublic: () => true };

/** Leaves of the address of an instance, in the answer to a call of the gateway's own, the path alone. */
export function hideInstances(fields: string[], places: readonly ServicePlace[]): void {
  relocateAll(fields, { relocation: asItCame, publicHost: '', places });
}

function relocateAll(fields: string[], context: LocationContext): void {
  for (let at = 0; at < fields.length; at += 2) {
    const id = fieldNameId(fields[at] ?? '');
    if (id !== locationField && id !== contentLocationField) continue;
    fields[at + 1] = relocated(fields[at + 1] ?? '', context);
  }
}

/**
 * Where the client finds what a service calls `reference` (RFC 9110, 10.2.2).
 *
 * - The address of an instance means nothing to a client, and tells it what it should not know: only the path stays, as
 *   the route has it, or as it came when it lies outside of the route.
 * - A path, alone or after the client's own authority, is the service's own when no route has it, and is then brought into
 *   the route. One that a route has is left alone: the service knows where it stands, or sends the client to another.
 * - All else is none of the gateway's business.
 */
function relocated(reference: string, { relocation, publicHost, places }: LocationContext): string {
  const [, scheme = '', authority, rest = ''] = /^(?:(https?:)?\/\/([^/?#\\]*))?(.*)$/is.exec(reference) ?? [];
  if (authority !== undefined && places.some((place) => isAt(place, authority.toLowerCase(), scheme.toLowerCase()))) {
    const path = rest.startsWith('/') ? rest : `/${rest}`;
    return harmless(relocation.publicPath(path) ?? path);
  }
  if (authority !== undefined && authority.toLowerCase() !== publicHost.toLowerCase()) return reference;
  if (!rest.startsWith('/') || relocation.isPublic(rest)) return reference;
  const path = relocation.publicPath(rest);
  if (path === undefined) return reference;
  return authority === undefined ? harmless(path) : `${scheme}//${authority}${path}`;
}

function isAt(place: ServicePlace, authority: string, scheme: string): boolean {
  if (authority === place.authority.toLowerCase()) return true;
  const usual = scheme === 'https:' ? 443 : 80;
  return place.port === usual && `${authority}:${usual}` === place.authority.toLowerCase();
}

/** A path that no client takes for an authority: `//evil.example` and `/\evil.example` would be one. */
function harmless(path: string): string {
  const plain = path.replaceAll(/[\t ]/g, (space) => (space === ' ' ? '%20' : '%09'));
  return /^\/[/\\]/.test(plain) ? `/.${plain}` : plain;
}
