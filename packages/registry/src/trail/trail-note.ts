import type { InstanceStatus, RemovalReason } from '@flotilla/contracts';
import type { Actor } from '../write/actor.ts';

/** An instance. */
interface AboutInstance {
  readonly service: string;
  readonly id: string;
}

/** What happened to what. */
export type Happening =
  | (AboutInstance & { readonly what: 'added'; readonly address: string; readonly port: number })
  /** `changed`: what its registration says otherwise than before, as `tags` or `metadata`. */
  | (AboutInstance & { readonly what: 'changed'; readonly changed: readonly string[] })
  | (AboutInstance & {
      readonly what: 'removed';
      readonly address: string;
      readonly port: number;
      readonly reason: RemovalReason;
      /** RFC 3339, UTC. */
      readonly last_seen: string;
    })
  | (AboutInstance & {
      readonly what: 'status';
      readonly check: string;
      readonly from: InstanceStatus;
      readonly to: InstanceStatus;
      /** What the check said, cut after 512 characters. */
      readonly output?: string;
    })
  | (AboutInstance & { readonly what: 'check-added' | 'check-changed' | 'check-removed'; readonly check: string })
  | (AboutInstance & {
      readonly what: 'maintenance' | 'maintenance-ended' | 'draining' | 'draining-ended' | 'suspect' | 'suspect-ended';
    })
  /** Names alone: values may be secret. */
  | { readonly what: 'key-written' | 'key-deleted'; readonly key: string }
  | { readonly what: 'keys-deleted'; readonly from: string; readonly to?: string }
  | { readonly what: 'session-created' | 'session-ended'; readonly session: string }
  /** A machine that Consul's clients tell of. */
  | { readonly what: 'node-changed' | 'node-removed'; readonly node: string }
  | { readonly what: 'guard-opened' | 'guard-closed' };

/** One entry of the audit trail, as it is kept. */
export type TrailNote = Happening & {
  readonly by: Pick<Actor, 'via' | 'client' | 'accessor'>;
  /** Anything else that explains it, in a phrase. */
  readonly why?: string | undefined;
};
