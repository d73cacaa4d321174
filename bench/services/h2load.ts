/** What h2load reports of one run. */
export interface H2loadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly failed: number;
}

/** @throws Error when the text is not a report of h2load's */
export function parseH2load(report: string): H2loadResult {
  const rate = /finished in ([\d.]+)(us|ms|s|m), /.exec(report);
  const counts = /requests: (\d+) total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed/.exec(report);
  if (rate === null || counts === null) throw new Error(`h2load reported nothing: ${report.slice(-500)}`);
  const unitSeconds = { us: 1e-6, ms: 1e-3, s: 1, m: 60 }[rate[2] ?? 's'] ?? 1;
  const [, , done, succeeded] = counts.map(Number);
  // Requests that time cut off count neither as done nor as failed.
  return {
    requests: succeeded ?? 0,
    seconds: Number(rate[1]) * unitSeconds,
    failed: (done ?? 0) - (succeeded ?? 0),
  };
}
