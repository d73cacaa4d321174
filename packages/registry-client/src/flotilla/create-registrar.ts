import { randomUUID } from 'node:crypto';
import type { Registrar } from '@flotilla/contracts';
import { registrarOver } from '../registration/registrar.ts';
import { type RegistryClientOptions, resolveClient } from './client-options.ts';
import { flotillaRegistrationApi } from './flotilla-api.ts';

/**
 * A registrar for Flotilla's registry. Call `register` once the program listens:
 *
 * ```ts
 * const registrar = createRegistrar({ registryUrl: 'http://127.0.0.1:8500', logger });
 * const active = registrar.register({ name: 'user-service', address: '127.0.0.1', port: 8001 });
 * // … and when the program stops:
 * await active.deregister(AbortSignal.timeout(2_000));
 * ```
 */
export function createRegistrar(options: RegistryClientOptions): Registrar {
  const { random, logger, ...parts } = resolveClient(options);
  const api = flotillaRegistrationApi(parts);
  return registrarOver({ api, clock: parts.clock, random, logger, newToken: () => randomUUID() });
}
