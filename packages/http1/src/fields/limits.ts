/** What to do with a field whose name has an underscore: `X_Forwarded_For` is `X-Forwarded-For` to CGI-like programs. */
export type UnderscorePolicy = 'reject' | 'drop' | 'allow';

/** Bounds for what one message may make the receiver keep. All sizes count the bytes on the wire. */
export interface Limits {
  /** Start line and fields with their line ends and the closing empty line. Default 16 KiB. */
  readonly maxHeadBytes: number;
  /** The request target. Default 8 KiB, the size that other servers take. */
  readonly maxTargetBytes: number;
  /** One field line without its line end. Default 8 KiB. */
  readonly maxFieldLineBytes: number;
  /** Fields in one head, and in one trailer section. Default 100. */
  readonly maxFields: number;
  /** The whole trailer section. Default 8 KiB. */
  readonly maxTrailerBytes: number;
  /** All chunk extensions of one body together; they are read, checked and dropped. Default 4 KiB. */
  readonly maxChunkExtensionBytes: number;
  /** The content of one body, without framing. Default: no bound, since the caller may stream. */
  readonly maxBodyBytes: number;
  /** Default `reject` for requests and `allow` for responses, which nobody maps to variables. */
  readonly underscores: UnderscorePolicy;
}

/** The limits for requests. Change some with `{ ...DEFAULT_LIMITS, maxBodyBytes: 1_048_576 }`. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  maxHeadBytes: 16_384,
  maxTargetBytes: 8_192,
  maxFieldLineBytes: 8_192,
  maxFields: 100,
  maxTrailerBytes: 8_192,
  maxChunkExtensionBytes: 4_096,
  maxBodyBytes: Number.MAX_SAFE_INTEGER,
  underscores: 'reject',
});

/** The limits for responses: the same bounds, but underscores in names are let through. */
export const DEFAULT_RESPONSE_LIMITS: Limits = Object.freeze({ ...DEFAULT_LIMITS, underscores: 'allow' });
