import { checkFleet, type Fleet, type Program } from '@flotilla/fleet/config';

/** A fleet to plan with, of programs that are nowhere: ours, and two services of which one may be changed. */
export function fleetOf(change: object = {}): Fleet {
  const services = {
    'user-service': { run: 'apps/user-service/src/main.ts', port: 8001 },
    'order-service': { run: 'apps/order-service/src/main.ts', port: 8002 },
  };
  const own = { find: (name: string) => `/installed/${name}/main.ts`, exists: () => true };
  const checked = checkFleet({ dashboard: false, programs: services, ...change }, '/project/flotilla.config.ts', own);
  if (!checked.ok) throw new Error(checked.problems.join('\n'));
  return checked.fleet;
}

/** The programs of {@link fleetOf}: gateway, service-registry, user-service, order-service. */
export const fourPrograms: readonly Program[] = fleetOf().programs;
