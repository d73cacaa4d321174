import type { AlertKind, AlertView } from '../wire/index.ts';
import type { AlertFacts } from './facts.ts';

/** Something that a rule has found. */
export interface Finding extends Pick<AlertView, 'subject' | 'severity' | 'text' | 'link'> {
  /**
   * `raised`: bad enough for an alert. `lingering`: not bad enough to begin one, and not good enough to end one. Between the two
   * thresholds an alert stays as it is, so that a value near one of them does not make it flap.
   */
  readonly level: 'raised' | 'lingering';
}

/** One kind of thing to look out for. */
export interface AlertRule {
  readonly kind: AlertKind;
  /** How long it must be found without a break until there is an alert, in milliseconds. */
  readonly holdMs: number;
  /** How long it must not be found any more until the alert ends, in milliseconds. */
  readonly clearMs: number;
  /** What is to be found now; undefined: it cannot be known now. */
  examine(facts: AlertFacts): readonly Finding[] | undefined;
}
