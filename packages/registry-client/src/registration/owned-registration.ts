import { AppError, defaultLeaseMs, type InstanceStatus, type Registration } from '@flotilla/contracts';
import type { Holder, Place, RegistrationApi } from './registration-api.ts';

/** A registration with its id. */
export type NamedRegistration = Registration & { readonly id: string };

/** What a registry shows of an instance. */
export interface Registered extends Place {
  /** The token in its metadata; undefined for an instance that somebody else registered. */
  readonly owner: string | undefined;
}

/** A registry that knows no tokens: any client that names an id may change it. Each call is one attempt. */
export interface OwnedRegistry {
  /** Who is registered there now; undefined: nobody. */
  find(name: string, id: string, signal: AbortSignal): Promise<Registered | undefined>;
  /** Registers, in place of whatever has that id, with `token` in the metadata. */
  put(registration: NamedRegistration, token: string, signal: AbortSignal): Promise<void>;
  /** False: the registry knows no such instance. */
  renew(holder: Holder, signal: AbortSignal): Promise<boolean>;
  /** False: the registry knows no such instance. */
  report(holder: Holder, status: InstanceStatus, signal: AbortSignal): Promise<boolean>;
  /** An instance that is not there counts as removed. */
  remove(holder: Holder, signal: AbortSignal): Promise<void>;
  onConnectionLost: RegistrationApi['onConnectionLost'];
  close(): void;
}

/**
 * Registering with a registry that knows no tokens. Each registration carries its token in the metadata, and before
 * anything is done to it the registry is asked whose it is: so a newer process with the same id is noticed within a
 * renewal, and never renewed, reported or removed by an older one.
 */
export function ownedRegistrationApi(registry: OwnedRegistry): RegistrationApi {
  /** The tokens with an earlier grant: a registration that replaced one of these is newer. */
  const granted = new Set<string>();
  /** Whether the registration is there and is the holder's own; rejects if it is somebody else's. */
  const isOwn = async ({ name, id, token }: Holder, signal: AbortSignal): Promise<boolean> => {
    const found = await registry.find(name, id, signal);
    if (found !== undefined && found.owner !== token)
      throw new AppError('REGISTRATION_LOST', { detail: `Another process has registered with the id ${id}.` });
    return found !== undefined;
  };
  return {
    async register(registration, token, signal) {
      const {
        name,
        address,
        port,
        id = `${name}-${address}-${port}`,
        lease_ms: leaseMs = defaultLeaseMs,
      } = registration;
      const holder = { name, id, token };
      if (granted.has(token)) await isOwn(holder, signal);
      await registry.put({ ...registration, id }, token, signal);
      granted.add(token);
      return { ...holder, leaseMs, history: undefined };
    },
    async renew(grant, signal) {
      if ((await isOwn(grant, signal)) && (await registry.renew(grant, signal))) return grant;
      throw new AppError('LEASE_NOT_FOUND', { parameters: { name: grant.name, id: grant.id } });
    },
    async report(holder, status, signal) {
      if ((await isOwn(holder, signal)) && (await registry.report(holder, status, signal))) return;
      throw new AppError('INSTANCE_NOT_FOUND', { parameters: { name: holder.name, id: holder.id } });
    },
    async deregister(holder, signal) {
      if (await isOwn(holder, signal)) await registry.remove(holder, signal);
    },
    locate: (name, id, signal) => registry.find(name, id, signal),
    onConnectionLost: (listener) => registry.onConnectionLost(listener),
    close: () => registry.close(),
  };
}
