import type { InstanceStatus, Registration } from './service-instance.ts';

/** Announces an instance to a registry and keeps it announced. One implementation per kind of registry. */
export interface Registrar {
  /**
   * Starts to announce the instance and returns at once: a registry that is away must not hold up a start. Registering,
   * renewing, and registering again when the registry has forgotten go on in the background until `deregister`.
   */
  register(registration: Registration): ActiveRegistration;
}

/** An instance that is being kept announced. */
export interface ActiveRegistration {
  /** Settles when the registry has acknowledged the instance for the first time; rejects only if `deregister` comes before. */
  readonly acknowledged: Promise<void>;
  /**
   * Says how well the instance is, as its own checks see it. Returns at once: the latest word is told to the registry as soon
   * as it can be reached, and again with each later registration. It never undoes an operator's maintenance.
   */
  report(status: InstanceStatus): void;
  /** Stops renewing without telling the registry: another process announces the instance from now on. */
  handOver(): void;
  /**
   * Stops renewing and tells the registry. Rejects with REGISTRY_UNAVAILABLE if that was not possible by `signal`: the
   * lease then runs out by itself, so callers log this and go on.
   */
  deregister(signal: AbortSignal): Promise<void>;
}
