import assert from 'node:assert/strict';
import type { InstanceStatus, Registration } from '@flotilla/contracts';
import type { FoundInstance } from '../suites/registrar.ts';

interface ShownInstance {
  readonly instanceId: string;
  readonly app: string;
  readonly status: string;
  readonly port: { readonly $: number };
}

interface ShownApplication {
  readonly instance: readonly ShownInstance[];
}

const statuses: Readonly<Record<InstanceStatus, string>> = {
  passing: 'UP',
  warning: 'UP',
  critical: 'DOWN',
  maintenance: 'OUT_OF_SERVICE',
};

/** What a test does with a Eureka server beside the client under test, over its HTTP API. */
export class EurekaShelf {
  readonly #url: string;
  #dirtyMs = Date.now();

  /** @param url of its API, without a slash at the end */
  constructor(url: string) {
    this.#url = url;
  }

  /** Registers as some program does. */
  async put(registration: Registration, owner?: string): Promise<void> {
    const { name, id = name, address, port, weight, tags = [], status = 'passing' } = registration;
    this.#dirtyMs += 1_000;
    const metadata = {
      ...registration.metadata,
      ...(owner === undefined ? {} : { 'flotilla-owner': owner }),
      ...(weight === undefined ? {} : { 'flotilla-weight': String(weight) }),
      ...(tags.length === 0 ? {} : { 'flotilla-tags': tags.join(' ') }),
    };
    const instance = {
      ...{ instanceId: id, app: name.toUpperCase(), vipAddress: name, hostName: address, ipAddr: address, metadata },
      ...{ port: { $: port, '@enabled': 'true' }, securePort: { $: 443, '@enabled': 'false' } },
      status: statuses[status],
      dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
      leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 600 },
      lastDirtyTimestamp: String(this.#dirtyMs),
    };
    const answer = await this.#ask('POST', `apps/${name.toUpperCase()}`, { instance });
    assert.equal(answer.status, 204);
  }

  async remove(service: string, id: string): Promise<void> {
    await this.#ask('DELETE', `apps/${service.toUpperCase()}/${id}`);
  }

  async ids(service: string): Promise<readonly string[]> {
    const answer = await this.#ask('GET', `apps/${service.toUpperCase()}`);
    if (answer.status === 404) return [];
    // Of the server that this speaks to, and looked at by tests only.
    const { application } = (await answer.json()) as { readonly application: ShownApplication };
    return application.instance.map(({ instanceId }) => instanceId);
  }

  async find(service: string, id: string): Promise<FoundInstance | undefined> {
    const answer = await this.#ask('GET', `apps/${service.toUpperCase()}/${id}`);
    if (answer.status === 404) return undefined;
    // As above.
    const { instance } = (await answer.json()) as { readonly instance: ShownInstance };
    return { port: instance.port.$, status: instance.status === 'UP' ? 'passing' : 'critical' };
  }

  /** Takes out everything. */
  async clear(): Promise<void> {
    const answer = await this.#ask('GET', 'apps');
    // As above.
    const { applications } = (await answer.json()) as {
      readonly applications: { readonly application: readonly ShownApplication[] };
    };
    for (const { app, instanceId } of applications.application.flatMap(({ instance }) => instance))
      await this.remove(app, instanceId);
  }

  #ask(method: string, path: string, body?: object): Promise<Response> {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    return fetch(`${this.#url}/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
