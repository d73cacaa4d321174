/**
 * More than this waiting in a socket means that its peer is slow. What the system took at once does not count, so a fast
 * peer never makes the sender stop; it is above a stream's own mark, so `drain` is sure to follow.
 */
export const maxUnsentBytes = 65_536;
