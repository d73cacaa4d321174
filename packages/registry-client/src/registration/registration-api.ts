import type { Registration } from '@flotilla/contracts';

/** What a registry has granted. */
export interface Lease {
  /** The service's name. */
  readonly name: string;
  /** The instance's id, the registry's own choice when the registration named none. */
  readonly id: string;
  /** How long the instance lives without a renewal, in milliseconds. */
  readonly leaseMs: number;
}

/**
 * What the registrar needs of one kind of registry. Each call is one attempt; errors are AppErrors: REGISTRY_UNAVAILABLE
 * when the registry could not be asked (worth trying again), anything else when it said no.
 */
export interface RegistrationApi {
  register(registration: Registration, signal: AbortSignal): Promise<Lease>;
  /** Rejects with LEASE_NOT_FOUND when the registry knows no such instance (any more). */
  renew(lease: Lease, signal: AbortSignal): Promise<Lease>;
  /** An instance that is not there counts as deregistered. */
  deregister(name: string, id: string, signal: AbortSignal): Promise<void>;
  /** Frees connections. */
  close(): void;
}
