import { isAppError, type Locale, type Translated } from '@flotilla/contracts';
import { readParameters } from '../aggregate/read-parameters.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Decision, RequestHandler } from '../engine/engine.ts';
import type { RequestHead } from '../headers/request-head.ts';
import type { CompiledRoute } from '../routes/compile-routes.ts';
import type { RouteTable, TableEntry } from '../routes/route-table.ts';
import { normalTarget } from '../target/normal-target.ts';
import { both } from './both.ts';
import { policySteps } from './policy-steps.ts';
import { proxied } from './proxied.ts';
import { refused } from './refused.ts';
import { routeView } from './route-views.ts';
import { describeMatch } from './steps.ts';
import type { ExplainedRequest, RouteExplanation, RouteView } from './views.ts';

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

  explain(head: RequestHead, locale: Locale): RouteExplanation {
    const explained = this.#explained(head);
    return { ...explained, steps: explained.steps.map((step) => step[locale]) };
  }

  #explained(head: RequestHead): ExplainedRequest {
    const decision = this.#options.handler.decide(head);
    const steps: Translated[] = [];
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
  #match(head: RequestHead, decision: Decision, steps: Translated[]): TableEntry<CompiledRoute> | undefined {
    const target = normalTarget(head.target);
    // Refused, or about the server as a whole: no route is looked for.
    if (target.kind === 'refused') return undefined;
    if (target.path !== target.rawPath)
      steps.push(
        both(`the path is compared in its decoded form, ${target.path}`, `比较的是解码后的路径 ${target.path}`),
      );
    if (decision.route?.kind === 'own') {
      const { template } = decision.route;
      steps.push(
        both(
          `the gateway answers ${template} itself, before it looks at routes`,
          `${template} 由网关自己应答，不查找路由`,
        ),
      );
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
    steps: Translated[],
  ): ExplainedRequest {
    if (!decision.asked || entry?.value.kind !== 'aggregate' || view === undefined) {
      if (head.method !== 'OPTIONS') return { outcome: 'answered', steps };
      steps.push(
        both(
          'the gateway answers OPTIONS itself, with the methods of the path in Allow',
          'OPTIONS 由网关自己应答，该路径的方法在 Allow 中',
        ),
      );
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
    const parts = plan.parts.map(({ name, required, service }) =>
      both(
        `${name} of ${service}${required ? '' : ' (optional)'}`,
        `${service} 的 ${name}${required ? '' : '（可选）'}`,
      ),
    );
    steps.push(
      both(
        `all parts are asked for at the same time, within ${plan.deadlineMs} ms: ${parts.map(({ en }) => en).join(', ')}`,
        `同时请求所有部分，限时 ${plan.deadlineMs} ms：${parts.map(({ 'zh-CN': zh }) => zh).join('、')}`,
      ),
    );
    return { outcome: 'aggregated', steps };
  }
}
