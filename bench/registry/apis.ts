/** How many instances take part, over how many services. */
export const fleetSize = { instances: 1_000, services: 100 } as const;

/**
 * What is measured of every API. A renewal is a registration that says what it has said before; a look-up asks for one instance
 * to call, a read for all healthy ones of a service.
 */
export const operations = ['registrations', 'renewals', 'heartbeats', 'look-ups', 'reads'] as const;
export type Operation = (typeof operations)[number];

/** One API of one program: the requests that mean the same to it as those of the others mean to theirs. */
export interface RegistryApi {
  readonly name: string;
  /** A script for wrk that asks for the operation again and again. `salt` differs in every run. */
  script(operation: Operation, salt: number): string;
  /** The path and body that registers an instance. */
  registration(id: string, service: string, note: string): { method: string; path: string; body: object };
  /** Where a service's healthy instances are asked for, so that the answer waits for a change after `index`. */
  blockingPath(service: string, index: string): string;
  /** The header of an answer that says which index it has. */
  readonly indexHeader: string;
}

const { instances, services } = fleetSize;

/** One request after the other, of ids in turn, and with something new in each. */
function script(salt: number, request: string): string {
  return `local n = 0
local headers = {["Content-Type"] = "application/json"}
request = function()
  n = n + 1
  local i = n % ${instances}
  local service = "service-" .. (i % ${services})
  local id = "instance-" .. i
  local note = "${salt}-" .. n
  ${request}
end
`;
}

export const ownApi: RegistryApi = {
  name: 'Flotilla',
  indexHeader: 'x-registry-revision',
  script: (operation, salt) =>
    script(
      salt,
      {
        registrations: `local body = '{"name":"' .. service .. '","id":"' .. id .. '","address":"10.0.0.1","port":' .. (10000 + i) .. ',"lease_ms":3600000,"metadata":{"note":"' .. note .. '"}}'
  return wrk.format("POST", "/register", headers, body)`,
        renewals: `local body = '{"name":"' .. service .. '","id":"' .. id .. '","address":"10.0.0.1","port":' .. (10000 + i) .. ',"lease_ms":3600000,"metadata":{"note":"first"}}'
  return wrk.format("POST", "/register", headers, body)`,
        heartbeats: `return wrk.format("PUT", "/services/" .. service .. "/instances/" .. id .. "/lease")`,
        'look-ups': `return wrk.format("GET", "/service/" .. service)`,
        reads: `return wrk.format("GET", "/services/" .. service .. "/instances?served=true")`,
      }[operation],
    ),
  registration: (id, name, note) => ({
    method: 'POST',
    path: '/register',
    body: { name, id, ...placeOf(id), lease_ms: 3_600_000, metadata: { note } },
  }),
  blockingPath: (service, index) => `/services/${service}/instances?served=true&wait=60s&index=${index}`,
};

export const consulApi: RegistryApi = {
  name: 'Consul',
  indexHeader: 'x-consul-index',
  script: (operation, salt) =>
    script(
      salt,
      {
        registrations: `local body = '{"Name":"' .. service .. '","ID":"' .. id .. '","Address":"10.0.0.1","Port":' .. (10000 + i) .. ',"Meta":{"note":"' .. note .. '"},"Check":{"TTL":"1h","Status":"passing"}}'
  return wrk.format("PUT", "/v1/agent/service/register", headers, body)`,
        renewals: `local body = '{"Name":"' .. service .. '","ID":"' .. id .. '","Address":"10.0.0.1","Port":' .. (10000 + i) .. ',"Meta":{"note":"first"},"Check":{"TTL":"1h","Status":"passing"}}'
  return wrk.format("PUT", "/v1/agent/service/register", headers, body)`,
        heartbeats: `return wrk.format("PUT", "/v1/agent/check/pass/service:" .. id)`,
        // Consul has none for one instance: its clients ask for all and choose.
        'look-ups': `return wrk.format("GET", "/v1/catalog/service/" .. service)`,
        reads: `return wrk.format("GET", "/v1/health/service/" .. service .. "?passing=1")`,
      }[operation],
    ),
  registration: (id, Name, note) => ({
    method: 'PUT',
    path: '/v1/agent/service/register',
    body: {
      ...{ ID: id, Name, Address: placeOf(id).address, Port: placeOf(id).port, Meta: { note } },
      Check: { TTL: '1h', Status: 'passing' },
    },
  }),
  blockingPath: (service, index) => `/v1/health/service/${service}?passing=1&wait=60s&index=${index}`,
};

/** Instances are called `instance-<n>`, here and in the scripts. Each has a place of its own. */
function placeOf(id: string): { readonly address: string; readonly port: number } {
  const number = Number(id.slice(id.lastIndexOf('-') + 1));
  return { address: `10.0.${Math.floor(number / 50_000)}.1`, port: 10_000 + (number % 50_000) };
}
