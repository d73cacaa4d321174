import { isAppError } from '@flotilla/contracts';
import { readParameters } from '../aggregate/read-parameters.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Decision, RequestHandler } from '../engine/engine.ts';
import type { RequestHead } from '../headers/request-head.ts';
import type { CompiledRoute } from '../routes/compile-routes.ts';
import type { RouteTable, TableEntry } from '../routes/route-table.ts';
import { normalTarget } from '../target/normal-target.ts';
import { policySteps } from './policy-steps.ts';
import { proxied } from './proxied.ts';
import { refused } from './refused.ts';
import { routeView } from './route-views.ts';
import { describeMatch } from './steps.ts';
import type { RouteExplanation, RouteView } from './views.ts';

/** What {@link Explainer} needs. */
export interface ExplainerOptions {
  /** Decides about requests; here it is only asked. */
  readonly handler: Pick<RequestHandler, 'decide'>;
  readonly table: RouteTable<CompiledRoute>;
  readonly config: GatewayConfig;
}

/** Says what the gateway would do with a request, by asking what decides about requests, and why, step by step. */
export class Explainer {
  readonly #options: ExplainerOptions;

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  explain(head: RequestHead): RouteExplanation {
    const decision = this.#options.handler.decide(head);
    const steps: string[] = [];
    const entry = this.#match(head, decision, steps);
    const view = entry === undefined ? undefined : this.#viewOf(entry);
    const about = view === undefined ? {} : { route: view };
    switch (decision.kind) {
      case 'reject':
        return { ...refused(decision.error, steps), ...about };
      case 'local':
        return { ...this.#answered(head, decision, entry, view, steps), ...about };
      case 'proxy':
        return { ...proxied(head, decision, view, steps), ...about };
      default:
        return decision satisfies never;
    }
  }

  /** The entry that decides, if any; `steps` says how it was found. */
  #match(head: RequestHead, decision: Decision, steps: string[]): TableEntry<CompiledRoute> | undefined {
    const target = normalTarget(head.target);
    // Refused, or about the server as a whole: no route is looked for.
    if (target.kind === 'refused') return undefined;
    if (target.path !== target.rawPath) steps.push(`the path is compared in its decoded form, ${target.path}`);
    if (decision.route?.kind === 'own') {
      steps.push(`the gateway answers ${decision.route.template} itself, before it looks at routes`);
      return undefined;
    }
    const match = this.#options.table.match(target.path, head.method);
    // Refused before anybody has looked for a route.
    if (decision.kind === 'reject' && decision.route === undefined && match.kind === 'found') return undefined;
    steps.push(describeMatch(match, this.#options.table.fitting(target.path), target.path, head.method));
    if (match.kind === 'found') return match.entry;
    return match.kind === 'wrong-method' ? match.best : undefined;
  }

  #viewOf({ methods, pattern, value }: TableEntry<CompiledRoute>): RouteView | undefined {
    const { config } = this.#options;
    const route = config.routes.find((candidate) => {
      if (candidate.match !== pattern.template || candidate.kind !== value.kind) return false;
      const own = candidate.kind === 'aggregate' ? ['GET'] : candidate.methods;
      return own === undefined ? methods === undefined : methods?.has(own[0] ?? '') === true;
    });
    return route === undefined ? undefined : routeView(route, config);
  }

  #answered(
    head: RequestHead,
    decision: Extract<Decision, { kind: 'local' }>,
    entry: TableEntry<CompiledRoute> | undefined,
    view: RouteView | undefined,
    steps: string[],
  ): RouteExplanation {
    if (!decision.asked || entry?.value.kind !== 'aggregate' || view === undefined) {
      if (head.method !== 'OPTIONS') return { outcome: 'answered', steps };
      steps.push('the gateway answers OPTIONS itself, with the methods of the path in Allow');
      return { outcome: 'answered', steps, answer: { status: 204 } };
    }
    const plan = entry.value.route;
    const target = normalTarget(head.target);
    const match = target.kind === 'normal' ? this.#options.table.match(target.path, head.method) : undefined;
    try {
      if (target.kind === 'normal' && match?.kind === 'found') readParameters(plan, match.parameters, target.query);
    } catch (error) {
      if (!isAppError(error)) throw error;
      return refused(error, steps);
    }
    steps.push(...policySteps(view.policies));
    const parts = plan.parts.map(
      ({ name, required, service }) => `${name} of ${service}${required ? '' : ' (optional)'}`,
    );
    steps.push(`all parts are asked for at the same time, within ${plan.deadlineMs} ms: ${parts.join(', ')}`);
    return { outcome: 'aggregated', steps };
  }
}
