import { AppError } from '@flotilla/contracts';
import type { NodeEntry, NodeTable } from '../catalog/node-table.ts';
import { isSameJson } from '../record/json-object.ts';
import type { Change } from '../record/log-record.ts';
import type { NodeValue } from '../record/node.ts';
import type { RecordLog } from '../state/record-log.ts';
import type { Condition } from '../store/record-store.ts';
import { type Actor, requireRight } from '../write/actor.ts';

/** The most nodes there may be: far more than a machine that one registry serves has neighbours. */
const maxNodes = 10_000;
/** The most bytes of what one node says. */
const maxNodeBytes = 65_536;

/** What {@link Nodes} work with. */
export interface NodesOptions {
  readonly log: Pick<RecordLog, 'submit'>;
  readonly table: NodeTable;
}

/** The machines that Consul's clients tell of. */
export class Nodes {
  readonly #options: NodesOptions;

  constructor(options: NodesOptions) {
    this.#options = options;
  }

  get(name: string): NodeEntry | undefined {
    return this.#options.table.get(name);
  }

  /** By name, sorted. */
  all(): readonly NodeEntry[] {
    return this.#options.table.all();
  }

  /**
   * Changes what is known of a node. Rejects with REGISTRATION_LIMIT if there would be too many, or one would be too large.
   *
   * @param change makes of what is there what is to be there; undefined: nothing. May be called several times
   */
  change(
    name: string,
    change: (present: NodeValue | undefined) => NodeValue | undefined,
    actor?: Actor,
  ): Promise<void> {
    const { log, table } = this.#options;
    return log.submit((draft) => {
      draft.ask(`node ${name}`);
      const present = table.get(name);
      const value = change(present?.value);
      const changes = changesOf(name, present, value);
      if (changes.length > 0) requireRight(actor, { kind: 'operate' });
      if (changes.length > 0 && present === undefined && table.size >= maxNodes) throw tooMuch('MAX_NODES', maxNodes);
      const condition: Condition = { kind: 'node', key: name, revision: present?.revision ?? 0 };
      return { changes, conditions: changes.length > 0 ? [condition] : [], actor, finish: () => {} };
    });
  }
}

function changesOf(name: string, present: NodeEntry | undefined, value: NodeValue | undefined): readonly Change[] {
  if (value === undefined) return present === undefined ? [] : [{ type: 'delete', kind: 'node', key: name }];
  const text = JSON.stringify(value);
  if (text.length > maxNodeBytes) throw tooMuch('MAX_NODE_BYTES', maxNodeBytes);
  if (present !== undefined && isSameJson(JSON.parse(JSON.stringify(present.value)), JSON.parse(text))) return [];
  return [{ type: 'put', kind: 'node', key: name, value }];
}

function tooMuch(setting: string, limit: number): AppError {
  return new AppError('REGISTRATION_LIMIT', { parameters: { setting, limit } });
}
