import type { KnownError, Locale } from '@flotilla/contracts';
import { isJsonObject, type JsonObject } from '@flotilla/kit/openapi';
import type { GatewayConfig, RouteConfig } from '../config/gateway-config.ts';
import type { ServiceDocument } from './clean-document.ts';
import type { PartNames } from './part-names.ts';

/** What is known of the document of a service. */
export type KnownDocument =
  | { readonly kind: 'read'; readonly document: ServiceDocument; readonly fresh: boolean }
  /** It has none that we can read. */
  | { readonly kind: 'none' }
  /** It does not answer, and never did. */
  | { readonly kind: 'away' };

/** What is needed to describe routes. */
export interface RouteDescribing {
  readonly config: GatewayConfig;
  readonly locale: Locale;
  readonly names: PartNames;
  documentOf(service: string): KnownDocument;
  /** Whether a request for this path with this method gets to this route. */
  leadsTo(route: RouteConfig, path: string, method: string): boolean;
}

/** The errors that the gateway itself answers with when a service does not. */
export function ownErrors({ services }: GatewayConfig, service: string): readonly KnownError[] {
  return ['BAD_GATEWAY', services?.[service]?.unavailable ?? 'SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT'];
}

/** The responses of an operation. */
export function responsesOf({ responses }: JsonObject): JsonObject {
  return isJsonObject(responses) ? responses : {};
}
