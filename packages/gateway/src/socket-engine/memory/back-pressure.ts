/**
 * More than this waiting in a socket means that its peer is slow. What the system took at once does not count, so a fast
 * peer never makes the sender stop; it is above a stream's own mark, so `drain` is sure to follow.
 */
export const maxUnsentBytes = 65_536;

/** A part of a body up to this size is joined with what leaves with it to one text and one write; a larger one leaves alone. */
export const maxJoinedBytes: number = 16_384;
