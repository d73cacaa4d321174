/** When and for how long instances that fall silent are kept. */
export interface GuardSettings {
  /**
   * How many of the instances that live by signs of life have to fall silent at about the same time, in percent, and at least 5.
   * Default 30: less than one of three zones. 0: never, they are always removed at once.
   */
  readonly sharePercent: number;
  /** How long a silent instance is kept at most, in milliseconds. Default 300 000, 5 min. */
  readonly holdMs: number;
}

export const defaultGuardSettings: GuardSettings = { sharePercent: 30, holdMs: 300_000 };

/** How a time of many losses ended. Times are RFC 3339, UTC. */
export interface GuardEnd {
  readonly since: string;
  readonly ended: string;
  readonly why: string;
  /** How many gave a sign of life. */
  readonly returned: number;
  /** How many were given up, replaced or deregistered. */
  readonly removed: number;
}

/** What the guard against mass loss does now, as `GET /guard` shows it. Times are RFC 3339, UTC. */
export type GuardView =
  | {
      readonly open: false;
      readonly share_percent: number;
      readonly hold_ms: number;
      /** How it ended last time, since the registry started. */
      readonly last?: GuardEnd;
    }
  | {
      readonly open: true;
      readonly share_percent: number;
      readonly hold_ms: number;
      readonly since: string;
      /** By then each suspect has come back or is given up. */
      readonly until: string;
      readonly why: string;
      /** How many are kept now though they are silent. */
      readonly suspects: number;
      readonly returned: number;
      readonly removed: number;
      /** How many instances lived by signs of life. */
      readonly of: number;
    };
