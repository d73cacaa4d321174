import type { Fields } from '../filter/fields.ts';

/** What filters can select, by what is shown. */

const weights: Fields = { Passing: 'number', Warning: 'number' };
const place: Fields = { Address: 'text', Port: 'number' };
const connect: Fields = { Native: 'truth' };
const proxy: Fields = {
  DestinationServiceName: 'text',
  DestinationServiceID: 'text',
  LocalServiceAddress: 'text',
  LocalServicePort: 'number',
  Mode: 'text',
};

export const nodeFields: Fields = {
  ID: 'text',
  Node: 'text',
  Address: 'text',
  Datacenter: 'text',
  TaggedAddresses: 'map',
  Meta: 'map',
};

export const serviceFields: Fields = {
  Kind: 'text',
  ID: 'text',
  Service: 'text',
  Tags: 'texts',
  Meta: 'map',
  Port: 'number',
  Address: 'text',
  SocketPath: 'text',
  TaggedAddresses: { mapOf: place },
  Weights: { struct: weights },
  EnableTagOverride: 'truth',
  Connect: { struct: connect },
  Proxy: { struct: proxy },
};

export const checkFields: Fields = {
  Node: 'text',
  CheckID: 'text',
  Name: 'text',
  Status: 'text',
  Notes: 'text',
  Output: 'text',
  ServiceID: 'text',
  ServiceName: 'text',
  ServiceTags: 'texts',
  Type: 'text',
};

export const healthFields: Fields = {
  Node: { struct: nodeFields },
  Service: { struct: serviceFields },
  Checks: { listOf: checkFields },
};

export const catalogFields: Fields = {
  ID: 'text',
  Node: 'text',
  Address: 'text',
  Datacenter: 'text',
  TaggedAddresses: 'map',
  NodeMeta: 'map',
  ServiceKind: 'text',
  ServiceID: 'text',
  ServiceName: 'text',
  ServiceTags: 'texts',
  ServiceAddress: 'text',
  ServiceTaggedAddresses: { mapOf: place },
  ServiceWeights: { struct: weights },
  ServiceMeta: 'map',
  ServicePort: 'number',
  ServiceEnableTagOverride: 'truth',
  ServiceConnect: { struct: connect },
  ServiceProxy: { struct: proxy },
};

export const memberFields: Fields = {
  Name: 'text',
  Addr: 'text',
  Port: 'number',
  Tags: 'map',
  Status: 'number',
};
