import { describeBalancer } from '@flotilla/conformance';
import { balancerKinds } from './balance-config.ts';

for (const balancer of balancerKinds) {
  describeBalancer(balancer.kind, (candidates, random) => balancer.create(balancer.example, candidates, random));
}
