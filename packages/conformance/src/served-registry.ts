import type { TestContext } from 'node:test';
import {
  createRegistry,
  eurekaRoutes,
  openSqliteStore,
  type Registry,
  type RequestAccess,
  registryRoutes,
} from '@flotilla/registry';
import { FakeClock } from '@flotilla/testing';
import { serveApp } from '@flotilla/testing/http';

/** What was answered. */
export interface TextAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A registry with our API and Eureka's, on a port of its own. */
export interface ServedRegistry {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly clock: FakeClock;
  readonly registry: Registry;
  /** Asks for JSON unless the headers say otherwise. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<TextAnswer>;
}

/**
 * Serves a registry while a test runs.
 *
 * @param access who may do what. Default: everybody may do everything
 */
export async function servedRegistry(t: TestContext, access?: RequestAccess): Promise<ServedRegistry> {
  const clock = new FakeClock(Date.parse('2026-01-01T00:00:00Z'));
  const registry = await createRegistry({ store: openSqliteStore({ file: ':memory:', clock }), clock });
  const app = await serveApp((scope) => {
    const options = { clock, ...(access === undefined ? {} : { access }) };
    registryRoutes(scope, registry, options);
    eurekaRoutes(scope, registry, options);
  });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  const ask: ServedRegistry['ask'] = async (method, path, body, headers = {}) => {
    const response = await fetch(app.url + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    return { status: response.status, type, text };
  };
  return { url: app.url, clock, registry, ask };
}
