import type { z } from 'zod';
import type { Balancer, Candidate, Candidates } from './balancer.ts';
import type { KeySource } from './key-source.ts';

/** One way of choosing among instances, as the routes file can ask for it with `balance: { kind: … }`. */
export interface BalancerKind<Options extends { readonly kind: string }> {
  readonly kind: Options['kind'];
  /** Options that would do: shown to those who ask for it in another form, and what its tests run with. */
  readonly example: Options;
  /** How each option beside `kind` is checked. */
  readonly options: { readonly [Name in Exclude<keyof Options, 'kind'>]-?: z.ZodType };
  /** What other gateways call it: who writes that is told the name here. */
  readonly foreignNames?: readonly string[];
  /** Which part of a request is its key. Default: none is looked for. */
  keyOf?(options: Options): KeySource;
  /** @param random from 0 to below 1 */
  create<C extends Candidate>(options: Options, candidates: Candidates<C>, random: () => number): Balancer<C>;
}
