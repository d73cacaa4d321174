import type { NodeTable } from '../catalog/node-table.ts';
import type { ServiceCatalog } from '../catalog/service-catalog.ts';
import type { StatusRecords } from '../catalog/status-records.ts';
import { instanceKey } from '../record/instance.ts';
import type { Change } from '../record/log-record.ts';
import type { SessionLink } from '../record/session.ts';

/** What memory knows of what sessions depend on. */
export interface Linkable {
  readonly catalog: Pick<ServiceCatalog, 'get'>;
  readonly statuses: Pick<StatusRecords, 'check'>;
  readonly nodes: Pick<NodeTable, 'get'>;
}

/** Names what a link is to: whatever happens to it may end the session. */
export function placeOfLink(link: SessionLink): string {
  return 'node' in link ? `node ${link.node}` : instanceKey(link.name, link.id);
}

/** Names what a change is about, as {@link placeOfLink} does. */
export function placeOfChange(change: Change): string | undefined {
  if (change.type === 'delete-range') return undefined;
  const { kind, key } = change;
  if (kind === 'node') return `node ${key}`;
  // The key of a check begins with that of its instance.
  return kind === 'instance' || kind === 'check' ? key.split('/', 2).join('/') : undefined;
}

/** Why a session cannot depend on something, as a sentence; undefined if it can. */
export function brokenLink(link: SessionLink, { catalog, statuses, nodes }: Linkable): string | undefined {
  const { check } = link;
  if ('node' in link) {
    const found = nodes.get(link.node)?.value.checks.find((one) => one.check === link.check);
    if (found === undefined) return `The node ${link.node} has no check ${link.check}`;
    return found.status === 'critical' ? `The check ${link.check} of the node ${link.node} is critical` : undefined;
  }
  const { name, id } = link;
  if (catalog.get(name, id) === undefined) return `The service ${name} has no instance ${id}`;
  if (check === undefined) return undefined;
  const found = statuses.check(check, name, id);
  if (found === undefined) return `The instance ${id} of ${name} has no check ${check}`;
  return found.value.status === 'critical'
    ? `The check ${check} of the instance ${id} of ${name} is critical`
    : undefined;
}
