import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { Failed } from '../running/answer.ts';
import { allRunning, NotRunning } from '../running/find-running.ts';

/** Where the dashboard is, and what to show it. */
export interface FoundDashboard {
  readonly url: URL;
  /** Undefined: it is on this machine, and asks nobody who they are. */
  readonly token: string | undefined;
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
  if (named !== undefined) return { url: dashboardUrl(named), token };
  const processes = await processesOf(given, cli);
  const [url] = processes.flatMap((each) => each.url ?? []);
  if (url !== undefined) return { url: new URL(url), token };
  const [first] = processes;
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

/** The processes of the fleets that are dashboards. */
async function processesOf(
  given: Given,
  cli: Cli,
): Promise<
  readonly { readonly name: string; readonly url: string | null; readonly state: string; readonly why: string | null }[]
> {
  try {
    const running = await allRunning(given, cli);
    return running.flatMap(({ report }) => report.processes.filter(({ role }) => role === 'dashboard'));
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
