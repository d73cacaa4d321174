/**
 * Where a client's connection is.
 * - `head`: between requests, or within a head.
 * - `body`: an exchange is on and its request's body is arriving.
 * - `wait`: an exchange is on and its request has arrived; what comes now is the next request, kept for later.
 * - `tunnel`: after 101.
 * - `lingering`: the last answer is written and our side closed; what still comes is read and thrown away, because
 *   closing with unread bytes would make the system reset the connection and take the answer from the client.
 * - `closed`.
 */
export type ClientState = 'head' | 'body' | 'wait' | 'tunnel' | 'lingering' | 'closed';
