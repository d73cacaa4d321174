import type { Translated } from '@flotilla/contracts';

/** A route of the gateway, for people who look at it. */
export interface RouteView {
  readonly match: string;
  readonly kind: 'proxy' | 'aggregate';
  /** Undefined: all. */
  readonly methods?: readonly string[];
  /** The services that it asks. */
  readonly services: readonly string[];
  readonly rewrite?: string;
  /** In the order in which requests pass them, those of all routes first. Secrets in their options are replaced. */
  readonly policies: readonly { readonly kind: string; readonly options: Readonly<Record<string, unknown>> }[];
  /** What applies to its requests, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** An instance as the gateway sees it. */
export interface InstanceView {
  readonly id: string;
  /** `address:port`. */
  readonly address: string;
  /** `draining`: discovery does not list it any more, and requests to it are still going on. */
  readonly state: 'available' | 'set-aside' | 'draining';
  /** Why it is set aside. */
  readonly why?: string;
  /** Attempts going on. */
  readonly inFlight: number;
  /** 0: it gets requests only when no other is available. */
  readonly weight: number;
}

/** A service as the gateway sees it. */
export interface UpstreamView {
  readonly service: string;
  readonly instances: readonly InstanceView[];
}

/** What the gateway would do with a request, before it is known in which language to say so. */
export interface ExplainedRequest extends Omit<RouteExplanation, 'steps'> {
  readonly steps: readonly Translated[];
}

/** What the gateway would do with a request. */
export interface RouteExplanation {
  readonly outcome: 'proxied' | 'aggregated' | 'answered' | 'refused';
  readonly route?: RouteView;
  /** Each step of the decision, for people. */
  readonly steps: readonly string[];
  /** What it would send, and to which instances. */
  readonly upstream?: { readonly service: string; readonly target: string; readonly candidates: readonly string[] };
  /** What it would answer itself. */
  readonly answer?: { readonly status: number; readonly code?: string };
}
