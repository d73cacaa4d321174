import { setTimeout as sleep } from 'node:timers/promises';
import { valueAt } from './places.ts';
import type { Step } from './step.ts';

/** What a server answered to a {@link Step}. */
export interface Answered {
  readonly step: Step;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Whether it took long enough to have waited. */
  readonly waited: boolean;
}

/** No answer of a server that does not wait takes so long, and every wait of the list is longer. */
const waitedMs = 400;

/** Sends the steps one after the other. */
export async function sendSteps(base: string, steps: readonly Step[]): Promise<readonly Answered[]> {
  const kept = new Map<string, string>();
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => kept.get(name) ?? whole);
  const answers: Answered[] = [];
  for (const step of steps) {
    if (step.afterMs !== undefined) await sleep(step.afterMs);
    const began = performance.now();
    const body = typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
    const response = await fetch(base + fill(step.target), {
      method: step.method,
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
      headers: { ...step.headers },
      ...(body === undefined ? {} : { body: fill(body) }),
    });
    const text = await response.text();
    const waited = performance.now() - began > waitedMs;
    answers.push({ step, status: response.status, headers: response.headers, text, waited });
    for (const [name, place] of Object.entries(step.keep ?? {})) {
      const value = place.startsWith('$') ? valueAt(parsed(text), place) : response.headers.get(place);
      if (typeof value === 'string' || typeof value === 'number') kept.set(name, String(value));
    }
  }
  return answers;
}

/** A text as JSON, or undefined. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
