export { isDebugged } from './is-debugged.ts';
export { type LivenessWatchOptions, watchLiveness } from './watch-liveness.ts';
