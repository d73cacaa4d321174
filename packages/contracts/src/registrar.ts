import type { InstanceStatus, Registration } from './service-instance.ts';

/** Announces an instance to a registry and keeps it announced. One implementation per kind of registry. */
export interface Registrar {
  /**
   * Starts to announce the instance and returns at once: an unavailable registry must not delay a start. Registering,
   * renewing, and registering again after the registry has forgotten the instance happen in the background until
   * `deregister`.
   */
  register(registration: Registration): ActiveRegistration;
}

/** An announced instance. */
export interface ActiveRegistration {
  /**
   * Resolves when the registry has acknowledged the instance for the first time; rejects only if `deregister` comes
   * before.
   */
  readonly acknowledged: Promise<void>;
  /**
   * Reports the health of the instance, from its own checks. Returns at once: the registry gets the latest report as
   * soon as it can be reached, and again with each later registration. A report never ends an operator's maintenance.
   */
  report(status: InstanceStatus): void;
  /** Stops renewing without telling the registry: another process announces the instance from now on. */
  handOver(): void;
  /**
   * Stops renewing and tells the registry. Rejects with REGISTRY_UNAVAILABLE if that was not possible before `signal`:
   * the lease then expires by itself, so callers log this and continue.
   */
  deregister(signal: AbortSignal): Promise<void>;
}
