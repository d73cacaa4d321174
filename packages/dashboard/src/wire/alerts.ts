import type { Sentence } from './sentence.ts';

/** The rules that are on by default. */
export type AlertKind =
  | 'error-rate'
  | 'slower-than-usual'
  | 'instance-flapping'
  | 'instance-unhealthy'
  | 'registry-stale'
  | 'breaker-open'
  | 'disk-nearly-full'
  | 'certificate-ends-soon';

/** Something that a person should look at. */
export interface AlertView {
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: 'warning' | 'critical';
  /** What it is about: a service, an instance, a file. */
  readonly subject: string;
  /** What is the matter, with its figures. */
  readonly text: Sentence;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Undefined while it lasts. */
  readonly endedMs?: number;
  /** The page of the dashboard that shows what it is about: `/requests?service=order-service&status=5xx`. */
  readonly link: string;
}

/** `GET /api/alerts`: those that last, then those that have ended, newest first. */
export interface Alerts {
  readonly alerts: readonly AlertView[];
}
