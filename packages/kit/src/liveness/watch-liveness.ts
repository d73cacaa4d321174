import type { Clock, Timer } from '@flotilla/contracts';

/** How a process is watched. */
export interface LivenessWatchOptions {
  readonly clock: Clock;
  /** How long it may leave every question unanswered. */
  readonly limitMs: number;
  /** Whether it answers, whatever it says; asked again only when the answer is there. Never rejects. */
  readonly answers: (timeoutMs: number) => Promise<boolean>;
  /** Whether somebody has stopped it to look into it. Asked only when it seems to hang. */
  readonly isDebugged: () => Promise<boolean>;
  /** It has been silent for too long. Called at most once; the watch is over then. */
  readonly onHung: (silentMs: number) => void;
}

/** Questions within the limit: a single one that gets lost must not cost a process its life. */
const questionsPerLimit = 6;
const longestIntervalMs = 5_000;

/** Asks a process again and again whether it lives, until `stop`. */
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
    // So that there are several tries within the limit.
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
    // This process was itself away: the machine slept, or somebody stopped us. What the other did meanwhile nobody knows.
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
