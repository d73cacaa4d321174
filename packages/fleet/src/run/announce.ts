import type { Clock, Registration } from '@flotilla/contracts';
import { callableHost } from '../plan/callable-host.ts';
import type { PlacedSpec } from '../plan/placed-spec.ts';
import { type Announcement, keepAnnounced } from '../register/keep-announced.ts';
import type { FleetLogger } from './fleet-logger.ts';
import type { Wellness } from './wellness.ts';

/** A program that is asked by its port alone. */
const plainHealth = { intervalMs: 5_000, timeoutMs: 1_000, failures: 2 };

/** Announces a process that does not do so itself; undefined: there is nothing to announce, or nobody to tell. */
export function announce(
  spec: PlacedSpec,
  wellness: Wellness | undefined,
  options: {
    readonly clock: Clock;
    readonly logger: FleetLogger;
    readonly onRegistered: () => void;
    readonly registryUp: Promise<void>;
  },
): Announcement | undefined {
  const { program, env } = spec;
  const registration = registrationOf(spec);
  if (program.registers !== 'supervisor' || wellness === undefined || registration === undefined) return undefined;
  const url = env['REGISTRY_URL'];
  if (url === undefined || url === '') {
    // Where there is no registry at all, nobody looks for anybody in one.
    options.logger.debug({}, 'is not registered: the fleet has no registry, and REGISTRY_URL names none');
    return undefined;
  }
  return keepAnnounced({
    ...options,
    registration,
    health: program.health ?? plainHealth,
    isWell: (timeoutMs) => wellness.isWell(timeoutMs),
    async registrar() {
      // To call it before would only be told as a failure.
      await options.registryUp;
      // Only fleets with such programs need it: it brings a validator along.
      const { registrarFor } = await import('@flotilla/registry-client');
      const { clock, logger } = options;
      // That all goes as it should is nothing to tell.
      return registrarFor(
        { REGISTRY_URL: url, REGISTRY_TOKEN: env['REGISTRY_TOKEN'] || undefined },
        { clock, logger: { ...logger, info: logger.debug } },
      );
    },
  });
}

/** What others are told, as the chassis does: by the same settings. */
function registrationOf({ program, port, env }: PlacedSpec): Registration | undefined {
  if (port === undefined) return undefined;
  const advertised = Number(env['ADVERTISE_PORT']);
  return {
    name: program.name,
    address: env['ADVERTISE_ADDRESS'] || callableHost(env['SERVER_HOST']),
    port: advertised > 0 ? advertised : port,
    id: env['INSTANCE_ID'],
  };
}
