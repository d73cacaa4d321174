import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from '@flotilla/testing';
import { eventually } from '../e2e/support/eventually.ts';
import type { Spawned } from '../e2e/support/spawned.ts';
import { temporaryFolder } from '../engine/programs.ts';
import { type ExampleFleet, exampleFleet } from '../examples/example-fleet.ts';

/** A service of this repository as a process. */
export interface GrpcService {
  readonly process: Spawned;
  readonly url: string;
  readonly grpcPort: number;
}

/** A registry with services of this repository. */
export interface GrpcServices {
  readonly fleet: ExampleFleet;
  /** Starts a service on free ports, with an empty database of its own, and waits until it is registered. */
  start(name: 'user-service' | 'order-service', env?: Readonly<Record<string, string>>): Promise<GrpcService>;
}

/** Starts the registry. All ends with the test. */
export async function grpcServices(t: TestContext): Promise<GrpcServices> {
  const fleet = await exampleFleet(t);
  const data = temporaryFolder(t);
  await fleet.startRegistry();
  return {
    fleet,
    async start(name, env = {}) {
      const known = (await fleet.instances(name)).length;
      const grpcPort = await freePort();
      const service = { name, command: process.execPath, args: [`apps/${name}/src/main.ts`], path: '/ready' };
      const { process: started, url } = await fleet.startService(service, {
        GRPC_PORT: String(grpcPort),
        DATABASE_URL: `sqlite:${join(data, `${name}-${grpcPort}.db`)}`,
        ADMIN_PORT: '0',
        ...env,
      });
      await eventually(`${name} is registered`, async () => (await fleet.instances(name)).length > known);
      return { process: started, url, grpcPort };
    },
  };
}
