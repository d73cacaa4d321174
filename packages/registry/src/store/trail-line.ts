/** One line of the audit trail, as a store keeps it. Stores do not read what it says. */
export interface TrailLine {
  /** Wall-clock time, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** The service it is about, to find it by. */
  readonly service?: string | undefined;
  /** JSON. */
  readonly text: string;
}

/** A line that was committed. */
export interface KeptLine extends TrailLine {
  /** Its place in the trail: rises with each line, and is never given to another one. */
  readonly place: number;
  /** The revision of its commit; of one without changes that of the commit before. */
  readonly revision: number;
}

/** Which lines are wanted. */
export interface TrailQuery {
  /** Only lines before this place. Default: from the newest. */
  readonly before?: number | undefined;
  /** Only lines of later revisions. Default: as far back as there are any. */
  readonly after?: number | undefined;
  /** Only lines about this service. Default: all. */
  readonly service?: string | undefined;
  /** The most lines wanted. */
  readonly limit: number;
}

/** Lines of the trail, the newest first. */
export interface TrailPage {
  readonly lines: readonly KeptLine[];
  /**
   * Where to go on, as `before`; undefined at the end of what was asked for. A store looks through so many lines at a time, so
   * there may be more behind a page that is short, or empty.
   */
  readonly next?: number | undefined;
}

/** How much of the trail a store keeps. */
export interface TrailBounds {
  /** About the most lines. Default 100 000: some 25 MB, and weeks of a fleet that is deployed a few times a day. */
  readonly maxLines: number;
  /** Older lines are dropped, in milliseconds. Default 7 776 000 000, 90 days. */
  readonly maxAgeMs: number;
}

export const defaultTrailBounds: TrailBounds = { maxLines: 100_000, maxAgeMs: 7_776_000_000 };
