import assert from 'node:assert/strict';
import type { InstanceStatus, Registration } from '@flotilla/contracts';
import type { FoundInstance } from '../suites/registrar.ts';

interface ShownService {
  readonly ID: string;
  readonly Service: string;
  readonly Port: number;
}

interface ShownCheck {
  readonly ServiceID: string;
  readonly Status: string;
}

interface ShownEntry {
  readonly Service: { readonly ID: string; readonly Port: number; readonly Weights: { readonly Passing: number } };
  readonly Checks: readonly ShownCheck[];
}

/** What a test does with a Consul beside the client under test, over its HTTP API. */
export class ConsulShelf {
  readonly #url: string;

  /** @param url without a slash at the end */
  constructor(url: string) {
    this.#url = url;
  }

  /** Registers as some program does, and waits until the catalogue has it: an agent tells that a moment later. */
  async put(registration: Registration, owner?: string): Promise<void> {
    const { name, id = name, address, port, weight = 1, status = 'passing' } = registration;
    const check = `service:${id}`;
    await this.#put('service/register', {
      ...{ ID: id, Name: name, Address: address, Port: port, Tags: registration.tags },
      Meta: { ...registration.metadata, ...(owner === undefined ? {} : { 'flotilla-owner': owner }) },
      Weights: { Passing: weight, Warning: weight },
      Check: { CheckID: check, TTL: '1h', Status: consulStatus(status) },
    });
    await this.#put(`check/update/${check}`, { Status: consulStatus(status) });
    const inMaintenance = status === 'maintenance';
    await this.#put(`service/maintenance/${id}?enable=${inMaintenance}`);
    await this.#until(async () => {
      const entry = (await this.#entries(name)).find(({ Service }) => Service.ID === id);
      if (entry === undefined || entry.Service.Port !== port || entry.Service.Weights.Passing !== weight) return false;
      return worst(entry.Checks) === (inMaintenance ? 'critical' : status);
    });
  }

  async remove(service: string, id: string): Promise<void> {
    await this.#put(`service/deregister/${id}`);
    await this.#until(async () => !(await this.#entries(service)).some(({ Service }) => Service.ID === id));
  }

  async ids(service: string): Promise<readonly string[]> {
    return (await this.#services()).filter((one) => one.Service === service).map(({ ID }) => ID);
  }

  async find(id: string): Promise<FoundInstance | undefined> {
    const service = (await this.#services()).find(({ ID }) => ID === id);
    if (service === undefined) return undefined;
    const checks = Object.values(await this.#get<Record<string, ShownCheck>>('agent/checks'));
    return { port: service.Port, status: worst(checks.filter(({ ServiceID }) => ServiceID === id)) };
  }

  /** Takes out everything. */
  async clear(): Promise<void> {
    for (const { ID, Service } of await this.#services()) await this.remove(Service, ID);
  }

  async #services(): Promise<readonly ShownService[]> {
    return Object.values(await this.#get<Record<string, ShownService>>('agent/services'));
  }

  #entries(service: string): Promise<readonly ShownEntry[]> {
    return this.#get(`health/service/${service}`);
  }

  async #get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.#url}/v1/${path}`);
    assert.equal(answer.status, 200, path);
    // Of the server that this speaks to, and looked at by tests only.
    return (await answer.json()) as T;
  }

  async #put(path: string, body: unknown = {}): Promise<void> {
    const answer = await fetch(`${this.#url}/v1/agent/${path}`, { method: 'PUT', body: JSON.stringify(body) });
    assert.equal(answer.status, 200, `${path}: ${await answer.text()}`);
  }

  async #until(condition: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 2_000; tries += 1) {
      if (await condition()) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('the catalogue does not show what the agent was told');
  }
}

function consulStatus(status: InstanceStatus): string {
  return status === 'maintenance' ? 'passing' : status;
}

function worst(checks: readonly ShownCheck[]): InstanceStatus {
  for (const status of ['critical', 'warning'] as const)
    if (checks.some(({ Status }) => Status === status)) return status;
  return 'passing';
}
