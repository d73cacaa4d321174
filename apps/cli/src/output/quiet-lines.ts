import type { Clock, Timer } from '@flotilla/contracts';
import { type LogLine, loggedRequest } from '@flotilla/kit/log-line';

/** What {@link QuietLines} needs. */
export interface QuietLinesOptions {
  readonly clock: Clock;
  /** Processes that pass requests on: of a request that went through one, only its line is shown. */
  readonly gateways: ReadonlySet<string>;
  /** Processes whose requests come from machines: shown only if they fail. */
  readonly registries: ReadonlySet<string>;
  /** Shows a line that was held back. */
  readonly show: (name: string, line: LogLine) => void;
}

/** What is asked of every program all the time, and says nothing when all is well. An open page of the dashboard asks the gateway. */
const probes = new Set([
  ...['/livez', '/readyz', '/healthz', '/health', '/ready', '/metrics'],
  ...['/flotilla/routes', '/flotilla/upstreams', '/flotilla/explain', '/openapi.json'],
]);

/** The lines of one request come so close together, in any order: each program writes its own when it is done. */
const holdMs = 250;
/** Under load some thousand requests end within that time. Lines beyond are shown at once. */
const mostHeld = 2_000;

/** As many of the last lines that were left out are told of a process that does not become ready. */
const mostTold = 3;

interface HeldLine {
  readonly name: string;
  readonly line: LogLine;
  readonly dueMs: number;
}

/** How much of a process is shown: nothing usual, only requests, or all that a person may want to know. */
export type Volume = 'silent' | 'requests' | 'all';

/**
 * Leaves out what a person who starts a fleet need not read: what programs say of their start and end, probes, what the
 * registry is asked, a request's second line. Warnings, errors and lines that are no log lines are always shown.
 */
export class QuietLines {
  readonly #options: QuietLinesOptions;
  readonly #volumes = new Map<string, Volume>();
  /** The last lines of each silent process. */
  readonly #leftOut = new Map<string, readonly LogLine[]>();
  /** Lines of services that wait for the gateway's, by the request's id; the oldest first. */
  readonly #held = new Map<string, HeldLine[]>();
  #heldCount = 0;
  /** The ids that gateways have shown within that time, and when they are to be forgotten; the oldest first. */
  readonly #shown = new Map<string, number>();
  #timer: Timer | undefined;

  constructor(options: QuietLinesOptions) {
    this.#options = options;
  }

  /** From now on so much of the process is shown. Each begins `silent`. */
  setVolume(name: string, volume: Volume): void {
    this.#volumes.set(name, volume);
    this.#leftOut.delete(name);
  }

  /** Shows what a silent process has said last: what it says of its start has become worth knowing. */
  tellLeftOut(name: string): void {
    const lines = this.#leftOut.get(name) ?? [];
    this.#leftOut.delete(name);
    for (const line of lines) this.#options.show(name, line);
  }

  /** Whether the line is to be shown now. */
  admits(name: string, line: LogLine): boolean {
    const isUsual = line['level'] === 'info';
    const request = loggedRequest(line);
    const volume = this.#volumes.get(name) ?? 'silent';
    if (request === undefined && isUsual && volume === 'silent') {
      this.#leftOut.set(name, [...(this.#leftOut.get(name) ?? []), line].slice(-mostTold));
    }
    if (request === undefined) return !isUsual || volume === 'all';
    const { gateways, registries } = this.#options;
    if (gateways.has(name)) this.#remember(request.requestId);
    if (!isUsual) return true;
    if (volume === 'silent') return false;
    const failed = request.status !== undefined && request.status >= 400;
    if (!failed && (registries.has(name) || probes.has(request.path))) return false;
    const isFirst = gateways.size === 0 || gateways.has(name) || registries.has(name);
    if (isFirst || request.requestId === undefined) return true;
    return !this.#wasShown(request.requestId) && !this.#hold(name, line, request.requestId);
  }

  /** Shows what is still held back: nothing more will come. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#release(Number.POSITIVE_INFINITY);
  }

  /** The gateway's line is shown: those of services about the same request are not. */
  #remember(requestId: string | undefined): void {
    if (requestId === undefined) return;
    this.#heldCount -= this.#held.get(requestId)?.length ?? 0;
    this.#held.delete(requestId);
    const nowMs = this.#options.clock.monotonicMs();
    for (const [oldest, dueMs] of this.#shown) {
      if (dueMs > nowMs && this.#shown.size < mostHeld) break;
      this.#shown.delete(oldest);
    }
    this.#shown.delete(requestId);
    this.#shown.set(requestId, nowMs + holdMs);
  }

  #wasShown(requestId: string): boolean {
    return (this.#shown.get(requestId) ?? 0) > this.#options.clock.monotonicMs();
  }

  #hold(name: string, line: LogLine, requestId: string): boolean {
    if (this.#heldCount >= mostHeld) return false;
    const { clock } = this.#options;
    const held = this.#held.get(requestId) ?? [];
    held.push({ name, line, dueMs: clock.monotonicMs() + holdMs });
    this.#held.set(requestId, held);
    this.#heldCount += 1;
    this.#timer ??= clock.after(holdMs, () => this.#onDue());
    return true;
  }

  #onDue(): void {
    this.#timer = undefined;
    const { clock } = this.#options;
    this.#release(clock.monotonicMs());
    if (this.#heldCount > 0) this.#timer = clock.after(holdMs, () => this.#onDue());
  }

  #release(untilMs: number): void {
    for (const [requestId, lines] of this.#held) {
      const left = lines.filter(({ dueMs }) => dueMs > untilMs);
      this.#heldCount -= lines.length - left.length;
      if (left.length > 0) this.#held.set(requestId, left);
      else this.#held.delete(requestId);
      for (const { name, line, dueMs } of lines) if (dueMs <= untilMs) this.#options.show(name, line);
    }
  }
}
