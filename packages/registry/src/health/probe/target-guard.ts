import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { addressKind, addressSchema } from '@flotilla/contracts';

/** A check leads to where the registry does not go. */
export class ForbiddenTarget extends Error {
  override readonly name = 'ForbiddenTarget';
}

/**
 * Why an address is asked by no check; undefined if it may be. A client that may register could otherwise let the registry fetch
 * a machine's credentials and read them in the check's output.
 */
export function refusalOf(address: string, allowLinkLocal: boolean): string | undefined {
  // What the system resolves may have a zone, as link-local addresses do.
  const plain = address.replace(/%.*$/, '');
  if (!addressSchema.safeParse(plain).success) return `${address} is not an address`;
  const kind = addressKind(plain);
  switch (kind) {
    case 'link-local':
    case 'metadata':
      return allowLinkLocal
        ? undefined
        : `${address} is a ${kind} address, which checks do not ask; ALLOW_LINK_LOCAL=true allows it`;
    case 'unspecified':
    case 'multicast':
    case 'broadcast':
      return `${address} belongs to no single machine`;
    case 'name':
    case 'usable':
    case 'loopback':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** Looks names up as the system does, and refuses what they lead to: a name may mean anything, and later something else. */
export function guardedLookup(allowLinkLocal: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      for (const { address } of found) {
        const refusal = refusalOf(address, allowLinkLocal);
        if (refusal !== undefined) return callback(new ForbiddenTarget(`${hostname} means ${refusal}`), '', 0);
      }
      const [first] = found;
      if (options.all === true) callback(null, found);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}
