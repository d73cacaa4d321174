import { addressKind } from '@flotilla/contracts';
import { createRequestGuard, type RequestGuard, type RequestGuardOptions } from '@flotilla/kit/guard';
import { headerValues } from '../headers/header-list.ts';
import type { RequestHead } from '../headers/request-head.ts';

/** What {@link createGatewayGuard} needs. */
export interface GatewayGuardOptions
  extends Pick<RequestGuardOptions<RequestHead>, 'serverHost' | 'allowedHosts' | 'allowedOrigins'> {
  /** Names the machine has anyway, beside those somebody allowed. */
  readonly networkNames: readonly string[];
}

/**
 * The guard of a gateway. On loopback it is one of the programs on somebody's machine, and guarded like each of them. On
 * any other address it is an entry for the world: whichever name it is called by, and pages from wherever its services
 * let in. There it looks at names only when it was told some.
 */
export function createGatewayGuard(options: GatewayGuardOptions): RequestGuard<RequestHead> | undefined {
  const { serverHost, allowedHosts, allowedOrigins, networkNames } = options;
  const onLoopback = addressKind(serverHost) === 'loopback';
  if (!onLoopback && allowedHosts.length === 0) return undefined;
  return createRequestGuard({
    serverHost,
    allowedHosts: [...allowedHosts, ...networkNames],
    allowedOrigins,
    checkOrigins: onLoopback,
    field({ headers }, name) {
      const values = headerValues(headers, name);
      return values.length === 0 ? undefined : values.join(', ');
    },
  });
}
