/**
 * The registry is read below `/api/registry/`, in its own words (see the guide to its API): `services`, `services/{name}/instances`,
 * `checks`, `explain/{service}`, `trail`, `guard`, `kv`. `PUT services/{name}/instances/{id}/draining`, and `PUT` and `DELETE` of
 * `kv/{key}` change it. Of keys whose name says that they hold a secret the value is left out, and `hidden` is true; `?reveal=true` on
 * a single key shows it.
 */

/** `GET /api/registry/config`: what central configuration there is. */
export interface ConfigScopes {
  /** How many settings are set for all services. */
  readonly shared: number;
  readonly services: readonly {
    readonly name: string;
    /** How many are set for it alone. */
    readonly own: number;
    /** Whether it has said which settings it has. */
    readonly isDescribed: boolean;
  }[];
}

/** `GET /api/registry/config/{service}`; the service `shared` stands for all. */
export interface ServiceConfig {
  readonly service: string;
  /** Whether the service has said which settings it has: only then values can be checked. */
  readonly isDescribed: boolean;
  readonly settings: readonly ConfigSetting[];
}

/** A setting of a service, or a key that is no setting of it. */
export interface ConfigSetting {
  readonly name: string;
  /** What it does; undefined: the service has no such setting. */
  readonly describe?: string;
  /** Describes a valid value, as the end of "Expected …". */
  readonly expects?: string;
  readonly default?: string;
  /** Whether running programs follow a change; else it takes effect at their next start. */
  readonly live: boolean;
  /** Why it cannot be set here, as a sentence. */
  readonly local?: string;
  /** What is set for this service alone. */
  readonly value?: string;
  /** What is set for all services. */
  readonly shared?: string;
  /** Whether a value is set that is not shown, since the name says that it is a secret. */
  readonly isHidden: boolean;
  /** What is wrong with the value that counts. */
  readonly problem?: string;
}

/** `PUT /api/registry/config/{service}/{setting}`, and `POST` of the same with `/check`, which changes nothing. */
export interface ConfigValue {
  readonly value: string;
}

/** What a value would do, or does now that it is set. */
export interface ConfigCheck {
  /** Why it cannot be set; undefined: it can. */
  readonly problem?: string;
  /** Services that follow at once. */
  readonly followedBy: readonly string[];
  /** Services that use it from their next start on. */
  readonly atRestartOf: readonly string[];
  /** Services that cannot use it, and why. */
  readonly refusedBy: readonly { readonly service: string; readonly problem: string }[];
  /** Whether no service has said anything of such a setting, so that nothing could be checked. */
  readonly isUnchecked: boolean;
}
