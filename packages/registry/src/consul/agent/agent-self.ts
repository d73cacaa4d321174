import { freemem, hostname, totalmem, uptime } from 'node:os';
import type { Clock } from '@flotilla/contracts';
import type { ConsulApi } from '../base/consul-api.ts';
import { Refusal } from '../base/refusal.ts';
import { requireName } from '../base/require-name.ts';
import { memberFields } from '../shapes/filter-fields.ts';
import { filtered } from '../shapes/filtered.ts';
import { consulVersion, type OwnNode, placeOf } from '../shapes/own-node.ts';

/** `/v1/agent/self`, `/members` and the like: what our own node is. It is alone, so it joins and leaves nobody. */
export function agentSelf(api: ConsulApi, own: OwnNode, clock: Clock): void {
  api.get('/agent/self', () => ({
    json: {
      Config: {
        Datacenter: own.datacenter,
        PrimaryDatacenter: own.datacenter,
        NodeName: own.name,
        NodeID: own.id,
        Revision: '',
        Server: true,
        Version: consulVersion,
        BuildDate: '',
      },
      DebugConfig: { SerfAdvertiseAddrLAN: `tcp://${placeOf(own)}`, SerfAdvertiseAddrWAN: `tcp://${placeOf(own)}` },
      Coord: null,
      Member: memberOf(own),
      Meta: own.meta,
      Stats: {},
    },
  }));
  api.get('/agent/members', ({ parameters }) => ({
    json: filtered([memberOf(own)], parameters.get('filter') || undefined, memberFields),
  }));
  api.get('/agent/version', () => ({
    json: { SHA: '', BuildDate: '', HumanVersion: consulVersion, FIPS: '' },
  }));
  api.get('/agent/metrics', () => ({ json: metricsOf(clock) }));
  api.get('/agent/host', () => ({
    json: {
      Memory: { total: totalmem(), available: freemem() },
      Host: { hostname: hostname(), uptime: Math.round(uptime()), os: process.platform },
      CollectionTime: clock.now() * 1_000_000,
      Errors: null,
    },
  }));
  api.put('/agent/force-leave/*', ({ rest }) => {
    const name = requireName(rest, 'Missing node name');
    // Consul does nothing either to a node that is alive.
    if (name === own.name) return {};
    throw new Refusal(
      500,
      `agent: No node found with name '${name}'. To remove a node from the catalog, use catalog/deregister`,
    );
  });
  api.put('/agent/join/*', ({ rest }) => {
    if (rest === placeOf(own)) return {};
    throw new Refusal(501, 'This registry is one node: there is no cluster to join');
  });
  api.put('/agent/leave', () => {
    throw new Refusal(501, 'This registry is one node: there is no cluster to leave. Stop its process to stop it');
  });
  api.put('/agent/reload', () => {
    throw new Refusal(501, 'This registry reads its settings when it starts. Restart it to change them');
  });
}

function memberOf({ name, id, address, port, datacenter }: OwnNode): object {
  return {
    Name: name,
    Addr: address,
    Port: port,
    Tags: {
      acls: '0',
      build: consulVersion,
      dc: datacenter,
      id,
      port: String(port),
      role: 'consul',
      segment: '',
      vsn: '2',
    },
    Status: 1,
    ...{ ProtocolMin: 1, ProtocolMax: 5, ProtocolCur: 2, DelegateMin: 2, DelegateMax: 5, DelegateCur: 4 },
  };
}

function metricsOf(clock: Clock): object {
  const gauge = (name: string, value: number): object => ({
    Name: `consul.${hostname()}.${name}`,
    Value: value,
    Labels: {},
  });
  const { heapUsed, rss } = process.memoryUsage();
  return {
    Timestamp: new Date(clock.now()).toISOString(),
    Gauges: [gauge('runtime.alloc_bytes', heapUsed), gauge('runtime.sys_bytes', rss)],
    ...{ Points: [], Counters: [], Samples: [] },
  };
}
