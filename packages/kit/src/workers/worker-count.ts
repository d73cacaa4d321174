/** How many workers to start: at most `maxWorkers`, on a machine with `cores`. */
export function workerCount(maxWorkers: number, cores: number): number {
  return Math.max(1, Math.min(maxWorkers, cores));
}
