import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { addressKind } from '@flotilla/contracts';
import type { HostAndPort } from '@flotilla/contracts/registry-urls';

/** An address of this machine that others can use, or why there is none now. */
export type FoundAddress =
  | { readonly kind: 'found'; readonly address: string }
  | { readonly kind: 'none'; readonly why: string };

/**
 * Asks the system from which address this machine would connect to a host. Connecting a UDP socket chooses a route and a
 * source, and sends nothing. So of several networks it finds the one that leads there, whatever their order.
 */
export async function sourceAddress({ host, port }: HostAndPort): Promise<FoundAddress> {
  const destinations = await resolve(host);
  if (typeof destinations === 'string') return { kind: 'none', why: destinations };
  let why = `${host} has no address`;
  for (const destination of destinations) {
    const source = await sourceFor(destination, port);
    if (typeof source !== 'string') {
      why = `there is no route to ${destination} (${source.code})`;
      continue;
    }
    const refusal = uselessBecause(source);
    if (refusal === undefined) return { kind: 'found', address: source };
    why = `${destination} is reached from ${source}, which ${refusal}`;
  }
  return { kind: 'none', why };
}

/** The address that a name of this machine resolves to. */
export async function ownAddress(name: string): Promise<FoundAddress> {
  const addresses = await resolve(name);
  if (typeof addresses === 'string') return { kind: 'none', why: addresses };
  const [address = ''] = addresses;
  const refusal = uselessBecause(address);
  return refusal === undefined
    ? { kind: 'found', address }
    : { kind: 'none', why: `${name} resolves to ${address}, which ${refusal}` };
}

async function resolve(host: string): Promise<readonly string[] | string> {
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address);
  } catch (error) {
    return `${host} cannot be resolved (${codeOf(error)})`;
  }
}

function sourceFor(destination: string, port: number): Promise<string | { readonly code: string }> {
  return new Promise((settle) => {
    const socket = createSocket(isIP(destination) === 6 ? 'udp6' : 'udp4');
    const end = (result: string | { readonly code: string }): void => {
      socket.close();
      settle(result);
    };
    socket.once('error', (error) => end({ code: codeOf(error) }));
    try {
      socket.connect(port, destination, () => end(socket.address().address));
    } catch (error) {
      end({ code: codeOf(error) });
    }
  });
}

function uselessBecause(address: string): string | undefined {
  // A zone names one of this machine's links; only link-local addresses have one.
  const kind = address.includes('%') ? 'link-local' : addressKind(address);
  switch (kind) {
    case 'loopback':
      return 'only this machine can reach';
    case 'link-local':
      return 'only the local link can reach';
    case 'unspecified':
      return 'is not an address of this machine';
    case 'usable':
    case 'name':
    case 'metadata':
    case 'multicast':
    case 'broadcast':
      return undefined;
    default:
      return kind satisfies never;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
