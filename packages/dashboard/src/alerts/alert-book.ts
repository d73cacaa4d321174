import type { AlertView } from '../wire/index.ts';
import type { AlertFacts } from './facts.ts';
import type { AlertRule, Finding } from './rule.ts';

/** What is known of one subject of one rule. */
interface Entry {
  /** Since when it is found without a break; of an alert: since when it lasts. */
  readonly sinceMs: number;
  /** The alert, once it has been found for long enough. */
  readonly alert: AlertView | undefined;
  /** Since when it is not found any more; undefined: it is. */
  readonly goneSinceMs: number | undefined;
}

/** Ended alerts that are remembered: as long as somebody may ask what happened last night. */
const maxEnded = 200;
const endedForMs = 24 * 3_600_000;

/** Keeps the alerts: begins them when something was found for long enough, and ends them when it was not found for long enough. */
export class AlertBook {
  readonly #rules: readonly AlertRule[];
  readonly #entries = new Map<string, Entry>();
  #ended: readonly AlertView[] = [];

  constructor(rules: readonly AlertRule[]) {
    this.#rules = rules;
  }

  /** Those that last, worst first, then those that have ended, newest first. */
  get alerts(): readonly AlertView[] {
    return [...this.lasting, ...this.#ended];
  }

  /** Those that last, worst first. */
  get lasting(): readonly AlertView[] {
    const lasting = [...this.#entries.values()].flatMap(({ alert }) => (alert === undefined ? [] : [alert]));
    return lasting.sort((one, other) => weight(other) - weight(one) || other.sinceMs - one.sinceMs);
  }

  /** Looks at the facts. Returns whether the alerts have changed. */
  examine(facts: AlertFacts): boolean {
    const before = JSON.stringify(this.alerts);
    for (const rule of this.#rules) {
      const findings = rule.examine(facts);
      if (findings !== undefined) this.#follow(rule, findings, facts.nowMs);
    }
    const oldestMs = facts.nowMs - endedForMs;
    this.#ended = this.#ended.filter(({ endedMs = 0 }) => endedMs > oldestMs).slice(0, maxEnded);
    return JSON.stringify(this.alerts) !== before;
  }

  #follow(rule: AlertRule, findings: readonly Finding[], nowMs: number): void {
    const found = new Map(findings.map((finding) => [`${rule.kind}:${finding.subject}`, finding]));
    for (const [key, finding] of found) this.#found(rule, key, finding, nowMs);
    for (const [key, entry] of this.#entries)
      if (key.startsWith(`${rule.kind}:`) && !found.has(key)) this.#missed(rule, key, entry, nowMs);
  }

  #found(rule: AlertRule, key: string, finding: Finding, nowMs: number): void {
    const known = this.#entries.get(key);
    if (known?.alert === undefined && finding.level === 'lingering') return void this.#entries.delete(key);
    const sinceMs = known?.sinceMs ?? nowMs;
    const isAlert = known?.alert !== undefined || nowMs - sinceMs >= rule.holdMs;
    const { subject, severity, text, link } = finding;
    // A lingering one keeps its words: they say why it began.
    const told = finding.level === 'lingering' && known?.alert !== undefined ? known.alert : { severity, text, link };
    const alert: AlertView | undefined = isAlert
      ? {
          ...{ id: `${key}:${sinceMs}`, kind: rule.kind, subject, sinceMs },
          ...{ severity: told.severity, text: told.text, link: told.link },
        }
      : undefined;
    this.#entries.set(key, { sinceMs, alert, goneSinceMs: undefined });
  }

  #missed(rule: AlertRule, key: string, entry: Entry, nowMs: number): void {
    const goneSinceMs = entry.goneSinceMs ?? nowMs;
    if (entry.alert !== undefined && nowMs - goneSinceMs < rule.clearMs) {
      this.#entries.set(key, { ...entry, goneSinceMs });
      return;
    }
    this.#entries.delete(key);
    if (entry.alert !== undefined) this.#ended = [{ ...entry.alert, endedMs: goneSinceMs }, ...this.#ended];
  }
}

function weight({ severity }: AlertView): number {
  return severity === 'critical' ? 1 : 0;
}
