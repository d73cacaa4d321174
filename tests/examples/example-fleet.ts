import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ServiceInstance, serviceInstanceSchema } from '@flotilla/contracts';
import { freePort } from '@flotilla/testing';
import { ask } from '../e2e/support/ask.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { temporaryFolder } from '../e2e/support/fleet.ts';
import { type Spawned, spawnCommand } from '../e2e/support/spawned.ts';

/** How a service of `examples/` is started. */
export interface ExampleService {
  readonly name: string;
  /** What to run, from the project's folder. */
  readonly command: string;
  readonly args: readonly string[];
  /** A request that it answers with 200. */
  readonly path: string;
}

/** A registry that can be killed and comes back at the same address, with services of `examples/` around it. */
export interface ExampleFleet {
  /** Where the registry is, or will be. */
  readonly registryUrl: string;
  /** Starts the registry and waits until it answers. With `forgetful` it has lost all it knew. */
  startRegistry(o?: { readonly forgetful?: boolean }): Promise<Spawned>;
  /** Starts a gateway with the routes of `examples/` and returns its address. */
  startGateway(): Promise<string>;
  /** Starts a service on a free port and waits until it listens; returns it with its address. */
  startService(service: ExampleService, env?: Readonly<Record<string, string>>): Promise<RunningService>;
  /** The instances of a service that the registry hands out now; none while it is away. */
  instances(service: string): Promise<readonly ServiceInstance[]>;
}

export interface RunningService {
  readonly process: Spawned;
  readonly url: string;
  readonly port: number;
}

/** A fleet of which nothing runs yet. All of it ends with the test. */
export async function exampleFleet(t: TestContext): Promise<ExampleFleet> {
  const data = temporaryFolder();
  const started: Spawned[] = [];
  let gateway: Spawned | undefined;
  t.after(async () => {
    // The gateway's workers outlive a first process that is killed.
    for (const spawned of started) spawned.child.kill(spawned === gateway ? 'SIGTERM' : 'SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    data.remove();
  });
  const registryPort = await freePort();
  const registryUrl = `http://127.0.0.1:${registryPort}`;
  const start = (command: string, args: readonly string[], env: Readonly<Record<string, string>>): Spawned => {
    const spawned = spawnCommand(command, args, { REGISTRY_URL: registryUrl, LOG_FORMAT: 'json', ...env });
    started.push(spawned);
    return spawned;
  };
  let registries = 0;
  return {
    registryUrl,
    async startRegistry({ forgetful = false } = {}) {
      if (forgetful) registries += 1;
      const registry = start(process.execPath, ['apps/service-registry/src/main.ts'], {
        SERVER_PORT: String(registryPort),
        DATABASE_URL: `sqlite:${join(data.folder, `registry-${registries}.db`)}`,
      });
      await registry.says(/"msg":"listening"/);
      return registry;
    },
    async startGateway() {
      const port = await freePort();
      gateway = start(process.execPath, ['apps/gateway/src/main.ts'], {
        SERVER_PORT: String(port),
        GATEWAY_CONFIG: 'examples/gateway.config.ts',
        MAX_WORKERS: '1',
      });
      const url = `http://127.0.0.1:${port}`;
      await eventually('the gateway is ready', async () => {
        return (await ask(`${url}/ready`).catch(() => undefined))?.status === 200;
      });
      return url;
    },
    async startService({ command, args }, env = {}) {
      const port = await freePort();
      const service = start(command, args, { SERVER_PORT: String(port), ...env });
      await service.says(/"msg": ?"listening/);
      return { process: service, port, url: `http://127.0.0.1:${port}` };
    },
    async instances(service) {
      const answer = await ask(`${registryUrl}/services/${service}/instances?served=true`).catch(() => undefined);
      return Array.isArray(answer?.json) ? answer.json.map((each) => serviceInstanceSchema.parse(each)) : [];
    },
  };
}
