import { systemClock } from '@flotilla/contracts';
import { nodeTransport } from '@flotilla/contracts/http-client';
import { readHttpUrls } from '@flotilla/contracts/registry-urls';
import type { RegistryOptions } from '../registry-kind.ts';
import type { ClientLogger } from '../retry/outage-log.ts';
import { RegistryAddresses } from '../retry/registry-addresses.ts';
import type { FlotillaApiParts } from './flotilla-api.ts';

/** What registrar and discovery have in common, with the defaults of the options. */
export function clientParts(
  url: string,
  options: RegistryOptions,
): FlotillaApiParts & { readonly random: () => number; readonly logger: ClientLogger } {
  const urls = readHttpUrls(url);
  return {
    addresses: new RegistryAddresses(urls.ok ? urls.value : []),
    transport: options.transport ?? nodeTransport(),
    clock: options.clock ?? systemClock,
    requestTimeoutMs: options.requestTimeoutMs ?? 3_000,
    random: options.random ?? Math.random,
    logger: options.logger,
  };
}
