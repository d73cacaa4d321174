import type { InstanceStatus } from '@flotilla/contracts';

/** From the best to the worst. */
const severity: Readonly<Record<InstanceStatus, number>> = { passing: 0, warning: 1, critical: 2, maintenance: 3 };

/** The worst of what checks say; `passing` if none says anything. */
export function worstOf(statuses: Iterable<InstanceStatus>): InstanceStatus {
  let worst: InstanceStatus = 'passing';
  for (const status of statuses) if (severity[status] > severity[worst]) worst = status;
  return worst;
}

/**
 * What an instance is shown as: the only place where what an operator wishes and what checks say come together. The wish
 * goes first, and leaves what the checks say as it is.
 */
export function combinedStatus(isMaintenanceWished: boolean, checked: InstanceStatus): InstanceStatus {
  return isMaintenanceWished ? 'maintenance' : checked;
}
