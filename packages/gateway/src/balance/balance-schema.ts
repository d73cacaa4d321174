import { nearestName } from '@flotilla/kit/sources';
import { z } from 'zod';
import { type BalanceConfig, balancerKinds } from './balance-config.ts';
import type { BalancerKind } from './balancer-kind.ts';

const [first, ...others] = balancerKinds.map(({ kind, options }) =>
  z.strictObject({ kind: z.literal(kind), ...options }),
);
if (first === undefined) throw new Error('No balancer is defined');

/** Checks a {@link BalanceConfig}, and says the right form of what other gateways would accept. */
// The options of each kind are checked as its own type has them: BalancerKind sees to that.
export const balanceSchema: z.ZodType<BalanceConfig> = z.discriminatedUnion('kind', [first, ...others], {
  error({ input }) {
    const given = typeof input === 'object' && input !== null && 'kind' in input ? input.kind : input;
    const meant = typeof given === 'string' ? kindMeantBy(given) : undefined;
    const forms = (meant === undefined ? balancerKinds : [meant]).map(({ example }) => formOf(example));
    return `must be, for example, ${forms.join(' or ')}`;
  },
}) as unknown as z.ZodType<BalanceConfig>;

/** `LEAST_CONN` means least-in-flight. */
function kindMeantBy(text: string): BalancerKind<BalanceConfig> | undefined {
  const name = text.toLowerCase().replaceAll(/[_\s]+/g, '-');
  const foreign = balancerKinds.find(({ foreignNames = [] }) => foreignNames.includes(name));
  const names = balancerKinds.map(({ kind }) => kind);
  return foreign ?? balancerKinds.find(({ kind }) => kind === nearestName(name, names));
}

/** As one would write it in the routes file. */
function formOf(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll(/"(\w+)":/g, ' $1: ')
    .replaceAll('"', "'")
    .replaceAll('}', ' }')
    .replaceAll(/ +/g, ' ');
}
