import { type BalanceConfig, defaultBalance, keySourceOf } from '../balance/balance-config.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { compileKeyReader, type KeyReader } from '../headers/request-key.ts';

/** How requests are spread over the instances of a service. */
export interface Balancing {
  readonly balance: BalanceConfig;
  /** Reads what the balancer asks of each request; undefined: it asks for nothing. */
  readonly key: KeyReader | undefined;
}

type Services = GatewayConfig['services'];

/**
 * How requests to `service` are balanced.
 *
 * @param own what the route itself says; the gateway's own calls have nothing of their own
 */
export function balancingOf(services: Services, service: string, own?: BalanceConfig): Balancing {
  const balance = own ?? services?.[service]?.balance ?? defaultBalance;
  const source = keySourceOf(balance);
  return { balance, key: source === undefined ? undefined : compileKeyReader(source) };
}

/**
 * What is wrong when the key is a parameter that the requests don't have; undefined when nothing is.
 *
 * @param parameters the names for which there are values
 */
export function problemOfKey(
  services: Services,
  service: string,
  own: BalanceConfig | undefined,
  parameters: readonly string[],
): string | undefined {
  const source = keySourceOf(balancingOf(services, service, own).balance);
  if (source?.from !== 'parameter' || source.name === undefined || parameters.includes(source.name)) return undefined;
  if (own !== undefined) return `balance.key uses {${source.name}}, which the match does not have`;
  return `services.${service}.balance.key uses {${source.name}}, which is not available here: set it in the \`balance\` of single routes`;
}
