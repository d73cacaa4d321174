import type { ProbeDefinition } from './probe/probe-of.ts';

/** Told how long probes take. */
export type ProbeListener = (type: ProbeDefinition['type'], durationMs: number) => void;

/** What the checks count for the metrics. */
export class CheckStats {
  #late = 0;
  #listener: ProbeListener = () => {};

  /** How many checks began more than a second late, since the start. */
  get late(): number {
    return this.#late;
  }

  countLate(): void {
    this.#late += 1;
  }

  probed(type: ProbeDefinition['type'], durationMs: number): void {
    this.#listener(type, durationMs);
  }

  /** Tells `listener` of every probe that has found out something. There is one: the metrics. */
  onProbed(listener: ProbeListener): void {
    this.#listener = listener;
  }
}
