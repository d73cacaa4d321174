import type { Registration, ServiceInstance } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp, type HttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import {
  consulRoutes,
  createRegistry,
  eurekaRoutes,
  nodeIdOf,
  openSqliteStore,
  type Registry,
  registryRoutes,
} from '@flotilla/registry';
import { FakeClock } from '@flotilla/testing';

/**
 * Our own registry with the APIs of others, served over HTTP in this process, for tests of registrars (its watches end
 * for good with the first stop). What it knows is in memory and outlives a stop; its time stands still, so no lease runs
 * out.
 */
export class RealRegistry implements AsyncDisposable {
  readonly #clock = new FakeClock();
  #registry: Registry | undefined;
  #app: HttpApp | undefined;
  #port = 0;
  #renewals = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** How many renewals were acknowledged. */
  get renewals(): number {
    return this.#renewals + (this.#registry?.stats().renewals ?? 0);
  }

  instances(service: string): readonly ServiceInstance[] {
    return this.#registry?.list(service) ?? [];
  }

  /** Another process registers, with a token of its own. */
  async takeOver(registration: Registration): Promise<void> {
    await this.#registry?.register(registration, 'the-token-of-another-process');
  }

  /** Loses everything it knew, as a registry without its disk does. */
  async forget(): Promise<void> {
    const served = this.#app !== undefined;
    await this.stop();
    this.#renewals = this.renewals;
    await this.#registry?.close();
    this.#registry = undefined;
    if (served) await this.start();
  }

  async start(): Promise<void> {
    this.#registry ??= await createRegistry({
      store: openSqliteStore({ file: ':memory:', clock: this.#clock }),
      clock: this.#clock,
    });
    const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics: createMetrics() });
    const clock = this.#clock;
    registryRoutes(app, this.#registry, { clock });
    consulRoutes(app, this.#registry, {
      node: { name: 'n', id: nodeIdOf('n'), address: '127.0.0.1', port: 8500, datacenter: 'dc1', meta: {} },
      clock,
      onBackgroundError(error) {
        throw error;
      },
    });
    eurekaRoutes(app, this.#registry, { clock });
    await app.listen({ port: this.#port, host: '127.0.0.1' });
    const bound = app.server.address();
    if (typeof bound === 'object' && bound !== null) this.#port = bound.port;
    this.#app = app;
  }

  /** Drops every connection and refuses new ones. */
  async stop(): Promise<void> {
    const app = this.#app;
    this.#app = undefined;
    app?.server.closeAllConnections();
    await app?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#registry?.close();
  }
}
