import type { InstanceStatus, Registration } from '@flotilla/contracts';

/** What a process is known by at the registry. */
export interface Holder {
  /** The service's name. */
  readonly name: string;
  /** The instance's id. */
  readonly id: string;
  /** Shows that the registration is this process's, and not that of another process with the same id. */
  readonly token: string;
}

/** What a registry has granted. */
export interface Grant extends Holder {
  /** How long the instance lives without a renewal, in milliseconds. */
  readonly leaseMs: number;
  /** Which of the registry's histories knows the instance: another one does not. Undefined if the registry does not say. */
  readonly history: string | undefined;
}

/** Where an instance is registered. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/**
 * What the registrar needs of one kind of registry. Each call is one attempt; errors are AppErrors: REGISTRY_UNAVAILABLE
 * when the registry could not be asked (worth trying again), REGISTRATION_LOST when a newer registration has taken the
 * place of this one, anything else when it said no.
 */
export interface RegistrationApi {
  register(registration: Registration, token: string, signal: AbortSignal): Promise<Grant>;
  /** Rejects with LEASE_NOT_FOUND when the registry knows no such instance (any more). */
  renew(grant: Grant, signal: AbortSignal): Promise<Grant>;
  /** Tells how well the instance is. Rejects with INSTANCE_NOT_FOUND when the registry does not know it. */
  report(holder: Holder, status: InstanceStatus, signal: AbortSignal): Promise<void>;
  /** An instance that is not there counts as deregistered. */
  deregister(holder: Holder, signal: AbortSignal): Promise<void>;
  /** Where the instance of that id is registered now; undefined if it is not. */
  locate(name: string, id: string, signal: AbortSignal): Promise<Place | undefined>;
  /** Calls `listener` when a connection to the registry that nobody was using ends: it may have gone. Returns what ends that. */
  onConnectionLost(listener: () => void): () => void;
  /** Frees connections. */
  close(): void;
}
