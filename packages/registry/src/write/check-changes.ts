import type { CheckDefinition, CheckStatus, InstanceStatus } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { type CheckValue, checkKey, maxOutputLength, ownReport } from '../record/check.ts';
import { isSameJson } from '../record/json-object.ts';
import type { Change } from '../record/log-record.ts';
import type { Decision, Draft } from './draft.ts';
import { shownAnew } from './status-changes.ts';

/** A check that is asked for. */
export interface WantedCheck {
  /** Its id, unique among the checks of the instance. */
  readonly check: string;
  /** Undefined: it takes what is reported. */
  readonly definition?: CheckDefinition | undefined;
  readonly title?: string | undefined;
  readonly notes?: string | undefined;
  /** What it says until its first result; one that is there keeps what it says. */
  readonly status: CheckStatus;
  readonly output?: string | undefined;
}

/** The checks that definitions ask for. The id of one that has none is its type, with a number from the second on. */
export function wantedOf(definitions: readonly CheckDefinition[]): readonly WantedCheck[] {
  const taken = new Set(definitions.map(({ id }) => id));
  return definitions.map((definition) => {
    const { type, title, notes, initial_status: status = 'passing' } = definition;
    let check = definition.id;
    for (let number = 1; check === undefined; number += 1) {
      const name: string = number === 1 ? type : `${type}-${number}`;
      if (!taken.has(name)) check = name;
    }
    taken.add(check);
    return { check, definition, title, notes, status };
  });
}

/**
 * What changes if an instance is to have these checks. Those of the same ids keep their status and output.
 *
 * @param replace whether the others go, but for what the instance's process reports
 */
export function checkChanges(
  draft: Draft,
  { name, id }: { readonly name: string; readonly id: string },
  wanted: readonly WantedCheck[],
  { replace, nowMs }: { readonly replace: boolean; readonly nowMs: number },
): readonly Change[] {
  const changes: Change[] = [];
  const ids = new Set(wanted.map(({ check }) => check));
  for (const check of replace ? draft.statuses.checksOf(name, id).keys() : [])
    if (!ids.has(check) && check !== ownReport)
      changes.push({ type: 'delete', kind: 'check', key: checkKey(name, id, check) });
  for (const { check, definition, title, notes, status, output } of wanted) {
    const present = draft.statuses.check(check, name, id)?.value;
    const said = present ?? { status, output: shortened(output), changedMs: nowMs };
    const value: CheckValue = {
      ...{ name, id, check, status: said.status, changedMs: said.changedMs ?? nowMs },
      ...(said.output === undefined ? {} : { output: said.output }),
      ...(definition === undefined ? {} : { definition }),
      ...(title === undefined ? {} : { title }),
      ...(notes === undefined ? {} : { notes }),
    };
    if (present === undefined || !isSameJson(present, value))
      changes.push({ type: 'put', kind: 'check', key: checkKey(name, id, check), value });
  }
  return changes;
}

/** What changes if a check of an instance says something. Nothing, if it said that before: an output alone is no change. */
export function changesOfResult(
  draft: Draft,
  present: InstanceEntry,
  result: { readonly check: string; readonly status: InstanceStatus; readonly output?: string | undefined },
  nowMs: number,
): Decision {
  const { name, id } = present.record;
  const entry = draft.statuses.check(result.check, name, id);
  if (entry === undefined || entry.value.status === result.status) return { changes: [], conditions: [] };
  const { output: _, ...rest } = entry.value;
  const output = shortened(result.output);
  const value = { ...rest, status: result.status, changedMs: nowMs, ...(output === undefined ? {} : { output }) };
  return shownAnew(present, [{ type: 'put', kind: 'check', key: checkKey(name, id, result.check), value }]);
}

/** An output as long as is kept. */
export function shortened(output: string | undefined): string | undefined {
  return output !== undefined && output.length > maxOutputLength ? `${output.slice(0, maxOutputLength - 1)}…` : output;
}
