import { printableText } from '@flotilla/kit/printable-text';
import { shortTime } from '../output/short-values.ts';
import { wrapText } from '../output/wrap-text.ts';
import { outline } from './outline.ts';

/** What the registry says of a service. Fields are missing where it is of another release. */
interface Explanation {
  readonly service?: string;
  readonly summary: string;
  readonly instances: readonly ExplainedInstance[];
  readonly removed?: readonly ExplainedDeparture[];
  readonly guard?: unknown;
}

interface ExplainedInstance {
  readonly id?: string;
  readonly address?: string;
  readonly port?: number;
  readonly ready?: boolean;
  readonly why?: string;
  readonly last_seen?: string;
  readonly checks?: readonly {
    readonly check?: string;
    readonly type?: string;
    readonly status?: string;
    readonly output?: string;
    readonly since?: string;
  }[];
}

interface ExplainedDeparture {
  readonly id?: string;
  readonly why?: string;
  readonly at?: string;
}

/** An explanation in lines for people; as an outline if it is none that this release knows. */
export function explainedLines(value: unknown, columns: number, nowMs: number): readonly string[] {
  if (!isExplanation(value)) return outline(value, columns);
  const { service = '', summary, instances, removed = [], guard } = value;
  const part = (text: string, indent: number): string[] =>
    wrapText(printableText(text), Math.max(16, columns - indent)).map((line) => `${' '.repeat(indent)}${line}`);
  const ago = (time: string | undefined): string => {
    const ageMs = nowMs - Date.parse(time ?? '');
    return Number.isNaN(ageMs) ? 'at an unknown time' : `${shortTime(Math.max(0, ageMs))} ago`;
  };
  return [
    ...part(`${service}: ${summary}.`, 0),
    ...instances.flatMap(({ id = '', address = '', port = '', ready, why = '', last_seen: seen, checks = [] }) => [
      ...part(
        `${id}  ${address.includes(':') ? `[${address}]` : address}:${port}  ${ready === true ? 'ready' : 'not ready'}`,
        2,
      ),
      ...part(why, 4),
      ...part(`Last sign of life: ${ago(seen)}.`, 4),
      ...checks.flatMap(({ check = '', type = '', status = '', output = '', since }) => {
        const change = since === undefined ? '' : `, changed ${ago(since)}`;
        const [said = ''] = output.trim().split('\n', 1);
        return part(`Check ${check} (${type}): ${status}${change}${said === '' ? '' : `: ${said}`}`, 4);
      }),
    ]),
    ...(removed.length === 0 ? [] : ['Gone lately:']),
    ...removed.flatMap(({ id = '', why = '', at }) => [...part(`${id}  ${ago(at)}`, 2), ...part(why, 4)]),
    ...guardLines(guard, columns),
  ];
}

function isExplanation(value: unknown): value is Explanation {
  return (
    typeof value === 'object' &&
    value !== null &&
    'summary' in value &&
    typeof value.summary === 'string' &&
    'instances' in value &&
    Array.isArray(value.instances)
  );
}

/** Why the registry keeps silent instances, and until when; nothing if it keeps none. */
function guardLines(guard: unknown, columns: number): readonly string[] {
  if (typeof guard !== 'object' || guard === null || !('open' in guard) || guard.open !== true) return [];
  const { open: _open, ...said } = guard;
  return ['The registry keeps silent instances:', ...outline(said, columns - 2).map((line) => `  ${line}`)];
}
