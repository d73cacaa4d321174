import type { Balancer, Candidate, Candidates } from './balancer.ts';
import type { BalancerKind } from './balancer-kind.ts';
import * as balancers from './balancers.ts';
import type { KeySource } from './key-source.ts';

type OptionsOf<Kind> = Kind extends BalancerKind<infer Options> ? Options : never;

/** How requests are spread over the instances of a service. */
export type BalanceConfig = OptionsOf<(typeof balancers)[keyof typeof balancers]>;

/** The same for everybody who asks for nothing else, so that it is known as the same. */
export const defaultBalance: BalanceConfig = Object.freeze({ kind: 'weighted-round-robin' });

/** All kinds, by the order of their names. */
export const balancerKinds: readonly BalancerKind<BalanceConfig>[] = Object.values(balancers);

/** Makes the balancer that `config` asks for. */
export function createBalancer<C extends Candidate>(
  config: BalanceConfig,
  candidates: Candidates<C>,
  random: () => number,
): Balancer<C> {
  return kindOf(config).create(config, candidates, random);
}

/** Which part of a request is the key that the balancer asks for; undefined: it asks for none. */
export function keySourceOf(config: BalanceConfig): KeySource | undefined {
  return kindOf(config).keyOf?.(config);
}

function kindOf(config: BalanceConfig): BalancerKind<BalanceConfig> {
  const kind = balancerKinds.find((candidate) => candidate.kind === config.kind);
  if (kind === undefined) throw new Error(`Unknown balancer "${config.kind}"`);
  return kind;
}
