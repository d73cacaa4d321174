/** Numbers of RFC 1035 and its successors. */
export const recordTypes = { A: 1, NS: 2, CNAME: 5, SOA: 6, TXT: 16, AAAA: 28, SRV: 33, OPT: 41, ANY: 255 } as const;

/** The class of the Internet, and the one that a question may use for any class. */
export const classes = { IN: 1, ANY: 255 } as const;

/** Why a question gets no answer; `badVersion` is one that only EDNS can tell (RFC 6891). */
export const responseCodes = {
  ok: 0,
  formatError: 1,
  serverFailure: 2,
  noSuchName: 3,
  notImplemented: 4,
  refused: 5,
  badVersion: 16,
} as const;
export type ResponseCode = (typeof responseCodes)[keyof typeof responseCodes];
