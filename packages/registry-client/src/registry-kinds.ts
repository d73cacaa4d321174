import { consulKind } from './consul/consul-kind.ts';
import { dnsKind } from './dns/dns-kind.ts';
import { eurekaKind } from './eureka/eureka-kind.ts';
import { flotillaKind } from './flotilla/flotilla-kind.ts';
import { fileKind } from './list/file-kind.ts';
import { staticKind } from './list/static-kind.ts';
import type { RegistryKind } from './registry-kind.ts';

/** Every kind of registry. A new one is a line here. */
export const registryKinds: readonly RegistryKind[] = [
  flotillaKind,
  consulKind,
  eurekaKind,
  dnsKind,
  staticKind,
  fileKind,
];
