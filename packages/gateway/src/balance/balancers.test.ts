import { describeBalancer } from '@flotilla/testing';
import { balancerKinds } from './balance-config.ts';

for (const balancer of balancerKinds) {
  describeBalancer(balancer.kind, (candidates, random) => balancer.create(balancer.example, candidates, random));
}
