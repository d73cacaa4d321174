/** `GET /api/routes`: what the gateway does with requests. */
export interface GatewayRoutes {
  readonly routes: readonly RouteView[];
  readonly services: readonly UpstreamView[];
}

/** A route of the gateway. */
export interface RouteView {
  readonly match: string;
  readonly kind: 'proxy' | 'aggregate';
  /** Undefined: all. */
  readonly methods?: readonly string[];
  readonly services: readonly string[];
  readonly rewrite?: string;
  /** In the order in which they act, with their options, secrets left out. */
  readonly policies: readonly { readonly kind: string; readonly options: Readonly<Record<string, unknown>> }[];
  /** Timeouts, retries, balancing and whatever else the route says. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A service as the gateway sees it. */
export interface UpstreamView {
  readonly service: string;
  readonly instances: readonly {
    readonly id: string;
    readonly address: string;
    readonly state: 'available' | 'set-aside' | 'draining';
    /** Why it is set aside, for people. */
    readonly why?: string;
    readonly inFlight: number;
    readonly weight: number;
  }[];
}

/** `POST /api/routes/explain`, with method, target and headers: what the gateway would do, without doing it. */
export interface RouteExplanation {
  readonly outcome: 'proxied' | 'aggregated' | 'answered' | 'refused';
  readonly route?: RouteView;
  /** Each step of the decision, for people: `matched /api/user/, the longest of 3 routes that fit`. */
  readonly steps: readonly string[];
  /** What it would send, and to which instances. */
  readonly upstream?: { readonly service: string; readonly target: string; readonly candidates: readonly string[] };
  /** The status and code of the answer, if the gateway answers by itself. */
  readonly answer?: { readonly status: number; readonly code?: string };
}
