/** The part of a trace that the waterfall shows, in milliseconds after its start. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A bar, in percent of the width. */
export interface Bar {
  readonly leftPercent: number;
  readonly widthPercent: number;
  /** Whether it lies outside of what is shown. */
  readonly isOutside: boolean;
}

/** Where a span's bar is. A span of no length is still visible: the page draws no bar narrower than 2 pixels. */
export function barOf(offsetMs: number, durationMs: number, shown: TimeWindow): Bar {
  const span = Math.max(shown.toMs - shown.fromMs, Number.EPSILON);
  const from = Math.max(offsetMs, shown.fromMs);
  const to = Math.min(offsetMs + durationMs, shown.toMs);
  const left = Math.min(100, Math.max(0, ((from - shown.fromMs) / span) * 100));
  return {
    leftPercent: left,
    widthPercent: Math.max(0, Math.min(100 - left, ((to - from) / span) * 100)),
    isOutside: offsetMs > shown.toMs || offsetMs + durationMs < shown.fromMs,
  };
}

/** Times for the ruler above the bars: few, and at round numbers. */
export function ticksOf(shown: TimeWindow, most = 5): readonly number[] {
  const span = shown.toMs - shown.fromMs;
  if (!(span > 0)) return [shown.fromMs];
  const step = roundStep(span / most);
  const ticks: number[] = [];
  for (let index = Math.ceil(shown.fromMs / step); index * step <= shown.toMs; index++) {
    // Multiplied, not added up: sums of 0.1 drift.
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** The next 1, 2 or 5 of a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = rough / power;
  return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
}
