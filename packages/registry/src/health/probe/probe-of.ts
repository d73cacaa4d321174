import type { CheckDefinition, ServiceInstance } from '@flotilla/contracts';
import { grpcProbe } from './grpc-probe.ts';
import { httpProbe, placeOfUrl } from './http-probe.ts';
import type { Probe } from './probe.ts';
import { tcpProbe } from './tcp-probe.ts';

/** A check that the registry makes by itself. */
export type ProbeDefinition = Exclude<CheckDefinition, { readonly type: 'ttl' }>;

/** Where an instance is: what a check asks that names no other place. */
export type InstancePlace = Pick<ServiceInstance, 'address' | 'port'>;

/** The path that an HTTP check asks for by default: every program of ours answers it, and most others do. */
const defaultPath = '/health';

/** How a check finds out how an instance is. */
export function probeOf(definition: ProbeDefinition, instance: InstancePlace): Probe {
  switch (definition.type) {
    case 'http': {
      const { method = 'GET', headers = {}, body, tls_skip_verify = false } = definition;
      return httpProbe({
        url: urlOf(definition, instance),
        method,
        headers,
        body,
        skipVerify: tls_skip_verify,
      });
    }
    case 'tcp':
      return tcpProbe({ ...placeAsked(definition, instance), tls: undefined });
    case 'grpc': {
      const { service = '', tls = false, tls_skip_verify = false } = definition;
      const target = {
        ...placeAsked(definition, instance),
        tls: tls ? { skipVerify: tls_skip_verify, alpn: ['h2'] } : undefined,
      };
      return grpcProbe({ target, service });
    }
    default:
      return definition satisfies never;
  }
}

/** Where a check connects to. */
export function placeAsked(
  definition: ProbeDefinition,
  instance: InstancePlace,
): { readonly host: string; readonly port: number } {
  if (definition.type !== 'http')
    return { host: definition.address ?? instance.address, port: definition.port ?? instance.port };
  return placeOfUrl(urlOf(definition, instance));
}

function urlOf({ url, path = defaultPath }: Extract<ProbeDefinition, { type: 'http' }>, instance: InstancePlace): URL {
  return new URL(url ?? `http://${bracketed(instance.address)}:${instance.port}${path}`);
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
