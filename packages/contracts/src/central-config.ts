import type { ConfigSchema } from './config-schema.ts';

/** What central config says, by the names of settings, as written. */
export interface CentralTexts {
  /** For this service alone; overrides what is shared. */
  readonly own: ReadonlyMap<string, string>;
  /** For all services. */
  readonly shared: ReadonlyMap<string, string>;
}

/** A program that follows central config. */
export interface CentralListener {
  /** Called once everything is known, and after each change. */
  changed(texts: CentralTexts): void;
  /** Called for each attempt that fails. What was known stays valid, and further attempts follow. */
  failed(): void;
}

/**
 * Settings that are kept in one place for all programs. One implementation for each kind of registry that has keys; it
 * reports its own outages.
 */
export interface CentralConfig {
  /** Reads what is there for `service` and follows its changes. Returns at once: an absent registry delays no start. */
  follow(service: string, listener: CentralListener): FollowedConfig;
}

/** Central config that is being followed. */
export interface FollowedConfig {
  /**
   * Makes known which settings the service has, so that a wrong value is refused where it is written. Returns at once, and
   * tries until it succeeds or is refused; writes nothing if this is known already.
   */
  publish(schema: ConfigSchema): void;
  close(): Promise<void>;
}
