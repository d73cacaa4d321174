import type { NodeEntry } from '../../catalog/node-table.ts';
import type { CheckView, InstanceView } from '../../operations/registry-view.ts';
import { ownReport } from '../../record/check.ts';
import { checkIdOf } from './instance-name.ts';
import { aliasesOf } from './service-extra.ts';
import { serviceIdOf } from './service-shape.ts';

/** A check as Consul's clients are shown it. */
export interface CheckShape {
  readonly Node: string;
  readonly CheckID: string;
  readonly Name: string;
  readonly Status: string;
  readonly Notes: string;
  readonly Output: string;
  readonly ServiceID: string;
  readonly ServiceName: string;
  readonly ServiceTags: readonly string[];
  readonly Type: string;
  readonly Definition: Readonly<Record<string, unknown>>;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

/** How the checks of nodes and services begin that say "maintenance": clients look for these. */
export const nodeMaintenance = '_node_maintenance';
const serviceMaintenancePrefix = '_service_maintenance:';

/** The check that says that our own node is there, as every node in Consul has it. */
export function serfHealth(node: string): CheckShape {
  return {
    ...{ Node: node, CheckID: 'serfHealth', Name: 'Serf Health Status', Status: 'passing', Notes: '' },
    ...{
      Output: 'Agent alive and reachable',
      ServiceID: '',
      ServiceName: '',
      ServiceTags: [],
      Type: '',
      Definition: {},
    },
    ...{ CreateIndex: 1, ModifyIndex: 1 },
  };
}

/** The checks of a node, which count for all services on it. */
export function nodeChecks({ value, createdRevision, revision }: NodeEntry): readonly CheckShape[] {
  return value.checks.map(({ check, title, notes, status, output, type }) => ({
    ...{ Node: value.node, CheckID: check, Name: title, Status: status, Notes: notes, Output: output },
    ...{ ServiceID: '', ServiceName: '', ServiceTags: [], Type: type, Definition: {} },
    ...{ CreateIndex: createdRevision, ModifyIndex: revision },
  }));
}

/**
 * The checks of an instance, by id. What keeps it from traffic for another reason than a check of Consul's is shown as one, so that
 * clients keep away: maintenance, draining, and for instances of other APIs their lease.
 */
export function serviceChecks(view: InstanceView, node: string): readonly CheckShape[] {
  const { shown, origin, checks } = view;
  const serviceId = serviceIdOf(view);
  const of = { ServiceID: serviceId, ServiceName: shown.name, ServiceTags: shown.tags };
  const made = (CheckID: string, Name: string, Status: string, Notes: string, Type: string): CheckShape => ({
    ...{ Node: node, CheckID, Name, Status, Notes, Output: '', ...of, Type, Definition: {} },
    ...{ CreateIndex: view.createdRevision, ModifyIndex: shown.revision },
  });
  const own = checks.find(({ check }) => check === ownReport);
  const list: CheckShape[] = [];
  if (shown.status === 'maintenance')
    list.push(
      made(serviceMaintenancePrefix + serviceId, 'Service Maintenance Mode', 'critical', noteOf(view), 'maintenance'),
    );
  if (shown.draining)
    list.push(
      made(`_service_draining:${serviceId}`, 'Service is draining', 'critical', 'It gets no new work', 'draining'),
    );
  const followers = aliasesOf(view.extra);
  for (const check of checks) {
    if (check.check === ownReport) continue;
    const type = Object.hasOwn(followers, check.check) ? 'alias' : (check.definition?.type ?? '');
    list.push({ Node: node, ...shapeOf(check), ...of, Type: type });
  }
  if (origin !== 'consul' || own !== undefined) {
    const status = own === undefined || own.status === 'maintenance' ? 'passing' : own.status;
    list.push(made(`service:${serviceId}`, `Service '${shown.name}' check`, status, '', 'ttl'));
  }
  return list;
}

/** Why an operator wants no traffic for it. */
function noteOf({ maintenanceReason }: InstanceView): string {
  return (
    maintenanceReason ??
    'Maintenance mode is enabled for this service, but no reason was provided. This is a default message.'
  );
}

function shapeOf(view: CheckView): Omit<CheckShape, 'Node' | 'ServiceID' | 'ServiceName' | 'ServiceTags' | 'Type'> {
  const { check, title, notes = '', status, output, createdRevision, revision } = view;
  return {
    CheckID: checkIdOf(check),
    Name: title ?? check,
    Status: status === 'maintenance' ? 'critical' : status,
    Notes: notes,
    Output: output,
    // How it is made is not told: Consul does not either, and headers may hold credentials.
    Definition: {},
    CreateIndex: createdRevision,
    ModifyIndex: revision,
  };
}
