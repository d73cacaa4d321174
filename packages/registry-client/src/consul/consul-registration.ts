import { defaultLeaseMs, type InstanceStatus } from '@flotilla/contracts';
import type { WholeAnswer } from '@flotilla/contracts/http-client';
import { z } from 'zod';
import { foreignRefusal } from '../http/foreign-answer.ts';
import { askRegistry, jsonIn, type RegistryHttp } from '../http/registry-http.ts';
import { ownMetadata } from '../registration/own-metadata.ts';
import type { NamedRegistration, OwnedRegistry } from '../registration/owned-registration.ts';
import type { ClientLogger } from '../retry/outage-log.ts';
import { warnIfUnreachable } from './consul-agent.ts';

/** The shortest time that Consul takes for removing what does not renew. */
const leastDeregisterAfterMs = 60_000;

const serviceSchema = z.object({
  Address: z.string().nullish(),
  Port: z.int(),
  Meta: z.record(z.string(), z.string()).nullish(),
});

/**
 * Registering with a Consul agent. Two checks, so that an instance that says it is unwell is not removed as one that is
 * silent: the lease, which renewals pass and which removes the instance in the end, and the health, which reports set.
 */
export function consulRegistry(http: RegistryHttp, logger: ClientLogger): OwnedRegistry {
  let isWarned = false;
  const call = (method: string, path: string, signal: AbortSignal, body?: unknown): Promise<WholeAnswer | undefined> =>
    http.addresses.tryInTurn(signal, async (base) => {
      const answer = await askRegistry(http, { method, url: new URL(`v1/agent/${path}`, base), body, signal });
      if (isUnknown(answer)) return undefined;
      if (answer.status !== 200) throw foreignRefusal('Consul', answer);
      return answer;
    });
  const update = async (check: string, status: string, signal: AbortSignal): Promise<boolean> => {
    const body = { Status: status, Output: 'reported by the instance' };
    return (await call('PUT', `check/update/${encodeURIComponent(check)}`, signal, body)) !== undefined;
  };
  return {
    async find(_name, id, signal) {
      const answer = await call('GET', `service/${encodeURIComponent(id)}`, signal);
      if (answer === undefined) return undefined;
      const { Address, Port, Meta } = serviceSchema.parse(jsonIn(answer.body));
      return { address: Address ?? '', port: Port, owner: Meta?.[ownMetadata.owner] };
    },
    async put(registration, token, signal) {
      await call('PUT', 'service/register', signal, definitionOf(registration, token));
      // A check of that id from before keeps the status that it had.
      const { id, status = 'passing' } = registration;
      await update(leaseOf(id), 'passing', signal);
      await update(healthOf(id), checkStatus(status), signal);
      if (isWarned) return;
      isWarned = true;
      await warnIfUnreachable(http, logger, registration.address, signal);
    },
    renew: async ({ id }, signal) =>
      (await call('PUT', `check/pass/${encodeURIComponent(leaseOf(id))}`, signal)) !== undefined,
    report: ({ id }, status, signal) => update(healthOf(id), checkStatus(status), signal),
    async remove({ id }, signal) {
      await call('PUT', `service/deregister/${encodeURIComponent(id)}`, signal);
    },
    onConnectionLost: (listener) => http.transport.onConnectionLost?.(listener) ?? (() => {}),
    close: () => http.transport.close(),
  };
}

function leaseOf(id: string): string {
  return `service:${id}:lease`;
}

function healthOf(id: string): string {
  return `service:${id}:health`;
}

function definitionOf(registration: NamedRegistration, token: string): object {
  const { name, id, address, port, tags = [], metadata = {}, weight = 1, status = 'passing' } = registration;
  const leaseMs = registration.lease_ms ?? defaultLeaseMs;
  // Consul takes no 0, which is our word for "only when no other is left".
  const share = Math.max(1, weight);
  const own = { [ownMetadata.owner]: token, ...(weight === 0 ? { [ownMetadata.weight]: '0' } : {}) };
  return {
    ...{ ID: id, Name: name, Address: address, Port: port, Tags: tags, Meta: { ...metadata, ...own } },
    Weights: { Passing: share, Warning: share },
    Checks: [
      {
        ...{ CheckID: leaseOf(id), Name: 'Lease', Notes: 'Renewed by the instance.' },
        ...{ TTL: `${leaseMs}ms`, Status: 'passing' },
        DeregisterCriticalServiceAfter: `${Math.max(leaseMs, leastDeregisterAfterMs)}ms`,
      },
      {
        ...{ CheckID: healthOf(id), Name: 'Health', Notes: 'Reported by the instance.' },
        // For ever: it is the lease that says whether the instance lives.
        ...{ TTL: '8760h', Status: checkStatus(status) },
      },
    ],
  };
}

function checkStatus(status: InstanceStatus): string {
  return status === 'maintenance' ? 'critical' : status;
}

/** Consul's ways of saying that it has no such service or check: 404, and 500 in releases before 1.11. */
function isUnknown({ status, body }: WholeAnswer): boolean {
  if (status === 404) return /unknown (?:service|check)/i.test(body.toString('utf8', 0, 500));
  return (
    status === 500 && /does not have associated TTL|unknown (?:service|check)/i.test(body.toString('utf8', 0, 500))
  );
}
