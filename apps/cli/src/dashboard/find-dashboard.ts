import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { Failed } from '../running/answer.ts';
import { allRunning, NotRunning, type Running } from '../running/find-running.ts';

/** Where the dashboard is, and what to show it. */
export interface FoundDashboard {
  readonly url: URL;
  /** Undefined: it is on this machine, and asks nobody who they are. */
  readonly token: string | undefined;
  /** The processes of the fleet that it belongs to, in the order of the fleet; none for a dashboard that was named. */
  readonly processes: readonly string[];
}

/**
 * The dashboard: that of `--dashboard`, else that of the running fleet.
 *
 * @throws {Failed} NO_DASHBOARD, with what to do
 */
export async function findDashboard(given: Given, cli: Cli): Promise<FoundDashboard> {
  const set = cli.env['DASHBOARD_TOKEN'] ?? '';
  const token = set === '' ? undefined : set;
  const named = given.value('--dashboard');
  if (named !== undefined) return { url: dashboardUrl(named), token, processes: [] };
  const running = await runningFleets(given, cli);
  const dashboards = running.flatMap(({ report: { processes } }) =>
    processes.filter(({ role }) => role === 'dashboard').map((dashboard) => ({ dashboard, processes })),
  );
  for (const { dashboard, processes } of dashboards) {
    if (dashboard.url === null) continue;
    return { url: new URL(dashboard.url), token, processes: processes.map(({ name }) => name) };
  }
  const first = dashboards[0]?.dashboard;
  if (first === undefined)
    throw new Failed(
      'The fleet runs without its dashboard, which keeps traces and logs. Restart it without --no-dashboard, or name another dashboard: --dashboard http://host:8090',
      'NO_DASHBOARD',
    );
  throw new Failed(
    `The dashboard is ${first.state}${first.why === null ? '' : ` (${first.why})`}. See its log: flotilla logs ${first.name}`,
    'NO_DASHBOARD',
  );
}

async function runningFleets(given: Given, cli: Cli): Promise<readonly Running[]> {
  try {
    return await allRunning(given, cli);
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    // A message that ends with a command has no full stop, so that the command can be copied.
    const or = error.message.endsWith('.') ? ' Or' : '; or';
    const message = `${error.message}${or} name a dashboard: --dashboard http://host:8090`;
    throw new NotRunning(message, error.exitCode);
  }
}

function dashboardUrl(text: string): URL {
  const url = URL.parse(text.trim());
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new Mistake(
    `--dashboard: "${text}" is not the URL of a dashboard. Write, for example, --dashboard http://127.0.0.1:8090`,
  );
}
