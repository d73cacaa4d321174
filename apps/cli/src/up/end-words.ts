import type { ProcessEnd } from '@flotilla/fleet/supervise';

/** What to do about a program that ends well right after its start. */
export function backgroundAdvice(name: string): string {
  return `${name} exited with 0 right after its start. If it goes to the background, keep it in the foreground; if this is all it does, set restart: 'never'`;
}

/** How a process ended, as the rest of a sentence about it. */
export function howItEnded(end: ProcessEnd): string {
  if (end.signal !== null) return `was ended by ${end.signal}`;
  return end.code === 0 ? 'exited by itself' : `crashed (exit code ${end.code})`;
}

/** A duration, in seconds. */
export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
