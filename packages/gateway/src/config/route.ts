/** A route as metrics, log and policies know it, whatever it does. */
export interface Route {
  /** `own`: what the gateway answers from its own knowledge. */
  readonly kind: 'proxy' | 'aggregate' | 'own';
  /** The route's pattern, as written in the configuration: `http.route` in metrics and logs. */
  readonly template: string;
  /** The services that it asks. */
  readonly services: readonly string[];
}
