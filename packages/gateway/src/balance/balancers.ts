/** The balancers there are, one line each. */
export { consistentHash } from './consistent-hash.ts';
export { leastInFlight } from './least-in-flight.ts';
export { weightedRoundRobin } from './weighted-round-robin.ts';
