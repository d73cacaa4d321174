import type { CheckDefinition, ServiceInstance } from '@flotilla/contracts';
import { grpcProbe } from './grpc-probe.ts';
import { httpProbe } from './http-probe.ts';
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
      const { url, path = defaultPath, method = 'GET', headers = {}, body, tls_skip_verify = false } = definition;
      return httpProbe({
        url: new URL(url ?? `http://${bracketed(instance.address)}:${instance.port}${path}`),
        method,
        headers,
        body,
        skipVerify: tls_skip_verify,
      });
    }
    case 'tcp':
      return tcpProbe({ ...placeOf(definition, instance), tls: undefined });
    case 'grpc': {
      const { service = '', tls = false, tls_skip_verify = false } = definition;
      const target = {
        ...placeOf(definition, instance),
        tls: tls ? { skipVerify: tls_skip_verify, alpn: ['h2'] } : undefined,
      };
      return grpcProbe({ target, service });
    }
    default:
      return definition satisfies never;
  }
}

function placeOf(
  { address, port }: { readonly address?: string | undefined; readonly port?: number | undefined },
  instance: InstancePlace,
): { readonly host: string; readonly port: number } {
  return { host: address ?? instance.address, port: port ?? instance.port };
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
