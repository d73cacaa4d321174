/** What the gateway says at `/flotilla/routes`. */
export interface ToldRoutes {
  readonly routes: readonly ToldRoute[];
}

/** A route, as far as it is shown here. */
export interface ToldRoute {
  readonly match: string;
  readonly methods?: readonly string[];
  readonly services: readonly string[];
  readonly rewrite?: string;
  readonly policies: readonly { readonly kind: string }[];
}

/** What the gateway says at `/flotilla/upstreams`. */
export interface ToldUpstreams {
  readonly services: readonly { readonly service: string; readonly instances: readonly ToldInstance[] }[];
}

/** An instance as the gateway sees it. */
export interface ToldInstance {
  readonly id: string;
  readonly address: string;
  readonly state: string;
  readonly why?: string;
  readonly inFlight: number;
  readonly weight: number;
}

/** What the gateway says at `/flotilla/explain`. */
export interface ToldExplanation {
  readonly outcome: string;
  readonly steps: readonly string[];
  readonly upstream?: { readonly service: string; readonly target: string; readonly candidates: readonly string[] };
  readonly answer?: { readonly status: number; readonly code?: string };
}
