import type { Clock, Timer } from '@flotilla/contracts';

/** How to watch a process. */
export interface LivenessWatchOptions {
  readonly clock: Clock;
  /** How long it may answer nothing. */
  readonly limitMs: number;
  /** Whether it answers, whatever the answer; called again only after it has settled. Never rejects. */
  readonly answers: (timeoutMs: number) => Promise<boolean>;
  /** Whether a debugger may have paused it. Called only if it seems to hang. */
  readonly isDebugged: () => Promise<boolean>;
  /** It was silent for too long. Called at most once; the watch is then over. */
  readonly onHung: (silentMs: number) => void;
}

/** How many questions fit into the limit: a single lost one must not cost a process its life. */
const questionsPerLimit = 6;
const longestIntervalMs = 5_000;

/** Asks a process repeatedly whether it is live, until `stop`. */
export function watchLiveness(options: LivenessWatchOptions): { stop(): void } {
  const { clock, limitMs, answers, isDebugged, onHung } = options;
  const intervalMs = Math.min(limitMs / questionsPerLimit, longestIntervalMs);
  let answeredMs = clock.monotonicMs();
  let tickedMs = answeredMs;
  let asking = false;
  let over = false;
  let timer: Timer;

  const ask = async (): Promise<void> => {
    asking = true;
    // So that there are several attempts within the limit.
    if (await answers(2 * intervalMs)) answeredMs = clock.monotonicMs();
    asking = false;
  };
  const judge = async (silentMs: number): Promise<void> => {
    if (await isDebugged()) answeredMs = clock.monotonicMs();
    else if (!over) {
      over = true;
      onHung(silentMs);
    }
  };
  const tick = async (): Promise<void> => {
    const nowMs = clock.monotonicMs();
    // This process itself was suspended: the machine slept, or somebody stopped us. What the other did meanwhile is unknown.
    if (nowMs - tickedMs > 3 * intervalMs) answeredMs = nowMs;
    tickedMs = nowMs;
    if (nowMs - answeredMs >= limitMs) await judge(nowMs - answeredMs);
    if (over) return;
    if (!asking) void ask();
    timer = clock.after(intervalMs, () => void tick());
  };
  timer = clock.after(intervalMs, () => void tick());
  return {
    stop() {
      over = true;
      timer.cancel();
    },
  };
}
