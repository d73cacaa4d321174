import type { JsonObject } from '../../record/json-object.ts';
import { fieldOf, objectOf, textOf } from '../shapes/service-extra.ts';

/**
 * The proxy that a registration asks for beside its service (`Connect.SidecarService`), as if it had been registered by itself;
 * undefined if it asks for none. Without a port of its own it has none: there is nobody here who would start it.
 */
export function sidecarOf(body: JsonObject, name: string): JsonObject | undefined {
  const given = objectOf(fieldOf(body['Connect'], 'SidecarService'));
  if (given === undefined) return undefined;
  const id = textOf(body['ID']) || name;
  const port = fieldOf(given, 'Port');
  return {
    Kind: 'connect-proxy',
    ID: `${id}-sidecar-proxy`,
    Name: textOf(fieldOf(given, 'Name')) || `${name}-sidecar-proxy`,
    Port: typeof port === 'number' ? port : 0,
    Tags: body['Tags'] ?? [],
    Meta: body['Meta'] ?? {},
    Address: textOf(fieldOf(given, 'Address')) ?? body['Address'] ?? '',
    Proxy: objectOf(fieldOf(given, 'Proxy')) ?? {
      DestinationServiceName: name,
      DestinationServiceID: id,
      LocalServiceAddress: '127.0.0.1',
      LocalServicePort: body['Port'] ?? 0,
    },
  };
}
