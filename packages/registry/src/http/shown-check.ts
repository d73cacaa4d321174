import type { CheckDefinition, InstanceStatus } from '@flotilla/contracts';
import { hidden, hiddenQuery } from '../health/probe/hidden-query.ts';
import type { LastRun } from '../health/running-check.ts';
import type { CheckView } from '../operations/registry-view.ts';

/** A check as our own API shows it. */
export interface ShownCheck {
  readonly name: string;
  /** The id of the instance. */
  readonly id: string;
  /** The id of the check, unique in the instance. */
  readonly check: string;
  /** `report`: it takes what is reported, without a limit in time. */
  readonly type: CheckDefinition['type'] | 'report';
  readonly title?: string | undefined;
  readonly notes?: string | undefined;
  readonly status: InstanceStatus;
  /** What was found last, also if that is not yet the status. */
  readonly output: string;
  /** RFC 3339, UTC: the last change of the status. */
  readonly changed_at?: string | undefined;
  /** RFC 3339, UTC: the end of the last run, or the last report. Not known right after a restart. */
  readonly last_run_at?: string | undefined;
  /** How long the last run took, in milliseconds. */
  readonly last_run_ms?: number | undefined;
  /** What may be a credential in it is shown as `***`. */
  readonly definition?: CheckDefinition | undefined;
  /** The revision that changed the status or the definition last. */
  readonly revision: number;
}

export function showCheck(view: CheckView, lastRun: LastRun | undefined): ShownCheck {
  const { name, id, check, title, notes, status, output, definition, changedMs, revision } = view;
  return {
    ...{ name, id, check, type: definition?.type ?? 'report', title, notes, status, output },
    changed_at: changedMs === undefined ? undefined : new Date(changedMs).toISOString(),
    last_run_at: lastRun && new Date(lastRun.atMs).toISOString(),
    last_run_ms: lastRun?.durationMs === undefined ? undefined : Math.round(lastRun.durationMs),
    definition: definition && withoutSecrets(definition),
    revision,
  };
}

/** A definition as anybody may see it: headers, a body, and the user and the query in a URL may be credentials. */
function withoutSecrets(definition: CheckDefinition): CheckDefinition {
  if (definition.type !== 'http') return definition;
  const { headers, body, url, path } = definition;
  return {
    ...definition,
    ...(url === undefined ? {} : { url: hiddenQuery(withoutUser(url)) }),
    ...(path === undefined ? {} : { path: hiddenQuery(path) }),
    ...(headers === undefined
      ? {}
      : { headers: Object.fromEntries(Object.keys(headers).map((name) => [name, [hidden]])) }),
    ...(body === undefined ? {} : { body: hidden }),
  };
}

function withoutUser(text: string): string {
  const url = new URL(text);
  if (url.username === '' && url.password === '') return text;
  url.username = '';
  url.password = '';
  return url.href;
}
