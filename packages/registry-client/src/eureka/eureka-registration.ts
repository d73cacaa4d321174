import { authorityOf, defaultLeaseMs, type InstanceStatus } from '@flotilla/contracts';
import type { WholeAnswer } from '@flotilla/contracts/http-client';
import { foreignRefusal } from '../http/foreign-answer.ts';
import { askRegistry, jsonIn, type RegistryHttp } from '../http/registry-http.ts';
import { ownMetadata } from '../registration/own-metadata.ts';
import type { NamedRegistration, OwnedRegistry } from '../registration/owned-registration.ts';
import { type EurekaInstance, oneInstanceSchema } from './eureka-instance.ts';

/** What this process has registered, to say it again with another status. */
interface Said {
  readonly registration: NamedRegistration;
  readonly token: string;
}

/**
 * Registering with a Eureka server. A report is a registration with another status, as its own clients do it: the
 * server's status call sets an override, which belongs to operators.
 */
export function eurekaRegistry(http: RegistryHttp): OwnedRegistry {
  const said = new Map<string, Said>();
  const keyOf = (name: string, id: string): string => `${name}/${id}`;
  /** Undefined: 404. */
  const call = (method: string, path: string, signal: AbortSignal, body?: unknown): Promise<WholeAnswer | undefined> =>
    http.addresses.tryInTurn(signal, async (base) => {
      const answer = await askRegistry(http, { method, url: new URL(`apps/${path}`, base), body, signal });
      if (answer.status === 404 && method !== 'POST') return undefined;
      if (answer.status !== 200 && answer.status !== 204) throw foreignRefusal('Eureka', answer);
      return answer;
    });
  const find = async (name: string, id: string, signal: AbortSignal): Promise<EurekaInstance | undefined> => {
    const answer = await call('GET', pathOf(name, id), signal);
    return answer === undefined ? undefined : oneInstanceSchema.parse(jsonIn(answer.body)).instance;
  };
  const post = async ({ registration, token }: Said, status: InstanceStatus, signal: AbortSignal): Promise<void> => {
    const { name, id } = registration;
    const before = await find(name, id, signal);
    // A registration that is older than the one before is taken for an echo of it, and its content is dropped.
    const nowMs = Math.max(http.clock.now(), (before?.lastDirtyTimestamp ?? 0) + 1);
    const instance = instanceOf({ ...registration, status }, token, Math.round(nowMs));
    await call('POST', encodeURIComponent(appOf(name)), signal, { instance });
  };
  return {
    async find(name, id, signal) {
      const found = await find(name, id, signal);
      if (found === undefined) return undefined;
      const owner = found.metadata?.[ownMetadata.owner];
      const port = found.port ?? found.securePort ?? 0;
      return { address: found.hostName, port, owner: typeof owner === 'string' ? owner : undefined };
    },
    async put(registration, token, signal) {
      const saying = { registration, token };
      await post(saying, registration.status ?? 'passing', signal);
      said.set(keyOf(registration.name, registration.id), saying);
    },
    renew: async ({ name, id }, signal) => (await call('PUT', pathOf(name, id), signal)) !== undefined,
    async report({ name, id }, status, signal) {
      const saying = said.get(keyOf(name, id));
      if (saying === undefined) return false;
      await post(saying, status, signal);
      return true;
    },
    async remove({ name, id }, signal) {
      said.delete(keyOf(name, id));
      await call('DELETE', pathOf(name, id), signal);
    },
    onConnectionLost: (listener) => http.transport.onConnectionLost?.(listener) ?? (() => {}),
    close: () => http.transport.close(),
  };
}

/** Eureka knows applications in upper case. */
function appOf(name: string): string {
  return name.toUpperCase();
}

function pathOf(name: string, id: string): string {
  return `${encodeURIComponent(appOf(name))}/${encodeURIComponent(id)}`;
}

function instanceOf(registration: NamedRegistration, token: string, nowMs: number): object {
  const { name, id, address, port, tags = [], metadata = {}, weight = 1, status = 'passing' } = registration;
  const durationInSecs = Math.max(1, Math.ceil((registration.lease_ms ?? defaultLeaseMs) / 1_000));
  const home = `http://${authorityOf({ address, port })}`;
  return {
    ...{ instanceId: id, app: appOf(name), vipAddress: name, hostName: address, ipAddr: address },
    // It knows no warning: such an instance gets traffic.
    status: status === 'passing' || status === 'warning' ? 'UP' : 'DOWN',
    port: { $: port, '@enabled': 'true' },
    securePort: { $: 443, '@enabled': 'false' },
    ...{ homePageUrl: `${home}/`, statusPageUrl: `${home}/health`, healthCheckUrl: `${home}/health` },
    countryId: 1,
    dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
    leaseInfo: { renewalIntervalInSecs: Math.max(1, Math.floor(durationInSecs / 3)), durationInSecs },
    metadata: {
      ...metadata,
      [ownMetadata.owner]: token,
      ...(weight === 1 ? {} : { [ownMetadata.weight]: String(weight) }),
      ...(tags.length === 0 ? {} : { [ownMetadata.tags]: tags.join(' ') }),
    },
    isCoordinatingDiscoveryServer: 'false',
    lastDirtyTimestamp: String(nowMs),
  };
}
