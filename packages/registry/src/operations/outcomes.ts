import type { ServiceInstance } from '@flotilla/contracts';
import type { Actor } from '../write/actor.ts';

/** What a registration came to. */
export interface Registered {
  readonly instance: ServiceInstance;
  /** False when an instance with this name, address and port was there already and has been renewed. */
  readonly created: boolean;
}

/** What a renewal came to. */
export interface RenewedLease {
  /** 0: it does not run out. */
  readonly lease_ms: number;
  /** RFC 3339, UTC; undefined if it does not run out. */
  readonly expires_at?: string | undefined;
}

/** Numbers for the metrics; the last two only grow. */
export interface RegistryStats {
  readonly instances: number;
  readonly watches: number;
  readonly revision: number;
  readonly renewals: number;
  readonly expired: number;
}

/** By what right an instance is deregistered. */
export interface Authority {
  /** The token of its registration, shown by its process. */
  readonly token?: string | undefined;
  /** An operator wants it, whoever's registration it is. Default false. */
  readonly force?: boolean | undefined;
  /** Who asks for it. */
  readonly actor?: Actor | undefined;
}
