import type { Clock, Timer } from '@flotilla/contracts';
import type { Program } from '@flotilla/fleet/config';
import type { ControlAction } from '@flotilla/fleet/control';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import type { FleetLogger } from '@flotilla/fleet/run';
import type { FleetEvent } from '@flotilla/fleet/supervise';
import { configurationExitCode, type ProcessEnd } from '@flotilla/fleet/supervise';
import type { FleetOutput, TextSink } from '../output/fleet-output.ts';
import { damageAdvice, isDamagedInstallation } from './damaged-installation.ts';
import { backgroundAdvice, howItEnded, seconds } from './end-words.ts';
import { FirstWords } from './first-words.ts';
import { missingWords } from './missing-words.ts';
import { dashboardUrl, type ReadyProcess, readyBanner, requestsToTry } from './ready-banner.ts';
import { unservedWords, waitUntilServed } from './wait-until-served.ts';

/** What {@link FleetReporter} needs. */
export interface FleetReporterOptions {
  readonly specs: ReadonlyMap<string, PlacedSpec>;
  /** All programs of the fleet, including those that do not run. */
  readonly programs: readonly Program[];
  readonly output: FleetOutput;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly clock: Clock;
  /** Whether a machine reads the stream, so that no banner is drawn. */
  readonly json: boolean;
  readonly startedMs: number;
  readonly stop: () => void;
  readonly finish: (exitCode: number) => void;
  /** The mistakes that programs find in their settings. */
  readonly checkSettings: (specs: Iterable<PlacedSpec>) => Promise<readonly string[]>;
}

/** When to report what a start, or a stop, still waits for. */
const slowStartMs = 10_000;
const slowStopMs = 1_500;
/** How long after "all ready" registering, and then the first requests, may take until the banner is shown anyway. */
const registeredLimitMs = 2_000;
const servedLimitMs = 5_000;
/** First health checks, further workers and registrations follow within this time after a program is ready. */
const settleMs = 2_000;
/** A program that exits with 0 this soon may have moved to the background. */
const shortLifeMs = 2_000;

/** Reports what happens to the fleet, and decides the exit code. */
export class FleetReporter {
  readonly #options: FleetReporterOptions;
  readonly #ready = new Map<string, string>();
  readonly #firstWords = new Map<string, FirstWords>();
  readonly #misconfigured = new Set<string>();
  #stopping = false;
  /** Whether all processes have been ready. */
  #isUp = false;
  /** Whether a program has failed for good. */
  #failed = false;
  /** Those of which it was told how they may be kept running: to hear it once is enough. */
  readonly #advised = new Set<string>();
  #hurried = false;
  /** Of those that were ready a moment ago: when all that they say is shown. */
  readonly #settling = new Map<string, Timer>();
  /** Those that run or will run again. */
  readonly #left: Set<string>;
  readonly #unregistered: Set<string>;
  readonly #allRegistered: PromiseWithResolvers<void> = Promise.withResolvers<void>();

  constructor(options: FleetReporterOptions) {
    this.#options = options;
    this.#left = new Set(options.specs.keys());
    // Without a registry in the fleet there is nothing to wait for.
    const specs = [...options.specs.values()];
    const hasRegistry = specs.some(({ program }) => program.role === 'registry');
    const registering = specs.filter(
      ({ program }) =>
        hasRegistry &&
        program.registers !== 'nobody' &&
        (program.launch.kind === 'node' || program.registers === 'supervisor'),
    );
    this.#unregistered = new Set(registering.map(({ name }) => name));
    if (this.#unregistered.size === 0) this.#allRegistered.resolve();
    const count = specs.filter(({ program }) => program.role !== 'dashboard').length;
    if (!options.json) options.output.say(`starting ${count === 1 ? '1 program' : `${count} programs`}`);
    options.clock.after(slowStartMs, () => this.#tellWhatIsMissing());
  }

  /** What the process has written to stderr since its last start. */
  firstWordsOf(name: string): FirstWords {
    const words = this.#firstWords.get(name) ?? new FirstWords();
    this.#firstWords.set(name, words);
    return words;
  }

  /** Logs events of a process that does not log them itself. */
  loggerOf(name: string): FleetLogger {
    const { output } = this.#options;
    const told =
      (kind: 'note' | 'problem'): FleetLogger['warn'] =>
      (first: unknown, text?: string) => {
        const error = typeof first === 'object' && first !== null && 'err' in first ? first.err : first;
        output.say(`${name}: ${text ?? String(first)}${error instanceof Error ? `: ${error.message}` : ''}`, kind);
      };
    // What goes as it should is seen at the registry.
    return { debug: () => undefined, info: told('note'), warn: told('problem'), error: told('problem') };
  }

  /** The user stops the fleet; with `hurry` without waiting for requests in progress. */
  stopRequested(hurry: boolean): void {
    const { output, clock } = this.#options;
    if (hurry && this.#stopping && !this.#hurried) {
      this.#hurried = true;
      output.say('told to stop again; ending everything at once');
    }
    if (this.#stopping) return;
    output.say('stopping...');
    this.#stopping = true;
    for (const name of this.#options.specs.keys()) output.setVolume(name, 'silent');
    clock.after(slowStopMs, () => {
      const left = [...this.#left];
      if (left.length === 0 || this.#hurried) return;
      // Those whose turn comes last only wait themselves.
      const asked = left.filter((name) => this.#options.specs.get(name)?.program.role !== 'registry');
      const names = (asked.length > 0 ? asked : left).join(', ');
      output.say(`waiting for ${names} to finish requests in progress; Ctrl-C ends them at once`);
    });
  }

  /** Another terminal has started, stopped or restarted processes. */
  asked(action: ControlAction, names: readonly string[]): void {
    const { output } = this.#options;
    output.say(`asked to ${action} ${names.join(', ')}`);
    // That they stop and start is told in a word, not in their own.
    for (const name of names) {
      if (action === 'start') continue;
      this.#settling.get(name)?.cancel();
      output.setVolume(name, 'silent');
    }
  }

  /** Handles an event of the supervisor. */
  tell(event: FleetEvent): void {
    const { output } = this.#options;
    switch (event.kind) {
      case 'started':
        this.#left.add(event.name);
        return;
      case 'ready':
        this.#ready.set(event.name, event.url);
        if (this.#looksOn(event.name) && !event.again) {
          // Otherwise the banner tells it.
          if (!this.#isUp) output.say(`look at the fleet at ${event.url}`);
          return this.#turnUp(event.name);
        }
        if (event.again || this.#isUp) {
          output.say(`${event.name} is ready${event.again ? ' again' : `: ${event.url}`}`);
          this.#turnUp(event.name);
        }
        return;
      case 'registered':
        this.#unregistered.delete(event.name);
        if (this.#unregistered.size === 0) this.#allRegistered.resolve();
        return;
      case 'hung':
        output.say(`${event.name} has not answered for ${seconds(event.silentMs)}; killing it`, 'problem');
        return;
      case 'overdue':
        output.say(`${event.name} has not stopped within ${seconds(event.limitMs)}; killing it`, 'problem');
        return;
      case 'stopped':
        this.#left.delete(event.name);
        this.#ready.delete(event.name);
        if (this.#stopping || this.#hasEnded) return;
        output.say(`${event.name} is stopped`);
        return;
      case 'crashed': {
        this.#ready.delete(event.name);
        output.setVolume(event.name, 'silent');
        const when = event.restartInMs > 0 ? ` in ${seconds(event.restartInMs)}` : '';
        output.say(`${event.name} ${howItEnded(event.end)}; restarting it${when}`, 'problem');
        if (event.end.code === 0 && event.ranMs < shortLifeMs && !this.#advised.has(event.name)) {
          this.#advised.add(event.name);
          output.say(backgroundAdvice(event.name), 'problem');
        }
        if (event.end.damaged === true) output.say(damageAdvice, 'problem');
        return;
      }
      case 'ended':
        this.#left.delete(event.name);
        this.#ready.delete(event.name);
        this.#tellEnd(event.name, event.end, event.onTrial);
        return;
      case 'misconfigured':
        this.#left.delete(event.name);
        // Somebody has started it again while the others run: they go on.
        if ((this.#isUp || this.#looksOn(event.name)) && !this.#stopping) {
          output.say(`${event.name} cannot start; see its output above`, 'problem');
          return;
        }
        this.#misconfigured.add(event.name);
        output.mute();
        // Asking twice would mean haste.
        if (!this.#stopping) this.#options.stop();
        this.#stopping = true;
        return;
      case 'all-ready':
        void this.#showBanner();
        this.#isUp = true;
        return;
      case 'all-stopped':
        void this.#end();
        return;
      default:
        event satisfies never;
    }
  }

  #tellEnd(name: string, end: ProcessEnd, onTrial: boolean): void {
    const { output, specs } = this.#options;
    if (onTrial) return output.say(`${name} ${howItEnded(end)}; waiting for the next change`, 'problem');
    if (end.code === 0) return output.say(`${name} has finished`);
    this.#failed = true;
    const waiting = [...specs.values()].filter(({ after }) => after.includes(name)).map((spec) => spec.name);
    const others = waiting.length === 0 ? '' : `; ${waiting.join(', ')} will not start`;
    output.say(`${name} ${howItEnded(end)}; not restarting it${others}`, 'problem');
  }

  async #showBanner(): Promise<void> {
    const { specs, programs, clock, startedMs, stdout, output, json } = this.#options;
    // Asking the gateway before would only fill its log with requests that can't work yet.
    clock.after(registeredLimitMs, () => this.#allRegistered.resolve());
    await this.#allRegistered.promise;
    const ready: ReadyProcess[] = [];
    for (const [name, spec] of specs) {
      const url = this.#ready.get(name);
      if (url !== undefined && !this.#looksOn(name)) ready.push({ program: spec.program, url });
    }
    const requests = requestsToTry(ready, programs);
    const failing = await waitUntilServed(requests, { clock, limitMs: servedLimitMs });
    if (this.#stopping) return;
    const tookMs = clock.monotonicMs() - startedMs;
    if (json) output.say(`ready after ${seconds(tookMs)}: ${ready.map(({ url }) => url).join(' ')}`);
    else stdout.write(readyBanner(ready, requests, tookMs, dashboardUrl(specs.values())));
    for (const name of this.#ready.keys()) this.#turnUp(name);
    for (const name of this.#unregistered)
      output.say(`${name} is ready, but not registered yet, so callers cannot find it`, 'problem');
    for (const request of failing) output.say(unservedWords(request), 'problem');
  }

  #looksOn(name: string): boolean {
    return this.#options.specs.get(name)?.program.role === 'dashboard';
  }

  /** Whether all that does something has ended by itself: then what only looks on is stopped, which is nothing to tell. */
  get #hasEnded(): boolean {
    return [...this.#left].every((name) => this.#looksOn(name));
  }

  /** Shows what a process says now that it is up; what belongs to its start goes on for a moment. */
  #turnUp(name: string): void {
    const { output, clock } = this.#options;
    output.setVolume(name, 'requests');
    this.#settling.get(name)?.cancel();
    const settled = clock.after(settleMs, () => {
      if (!this.#stopping && this.#ready.has(name)) output.setVolume(name, 'all');
    });
    this.#settling.set(name, settled);
  }

  #tellWhatIsMissing(): void {
    if (this.#stopping) return;
    const missing = [...this.#left].filter((name) => !this.#ready.has(name) && !this.#looksOn(name));
    if (missing.length === 0) return;
    const { output, specs } = this.#options;
    const whom = missing.map((name) => {
      const spec = specs.get(name);
      return spec === undefined ? name : missingWords(spec, missing);
    });
    output.say(`still waiting for ${whom.join(', ')}`, 'problem');
    for (const name of missing) output.tellLeftOut(name);
  }

  async #end(): Promise<void> {
    const { output, stderr, specs, finish, checkSettings } = this.#options;
    if (this.#misconfigured.size === 0) {
      // Nobody has asked for it: every program has ended by itself.
      output.say(this.#stopping ? 'stopped' : 'all programs have ended');
      // What was being answered has been cut off, or a program has failed: whoever started the fleet may want to know.
      finish(this.#hurried || (this.#failed && !this.#stopping) ? 1 : 0);
      return;
    }
    // Those that were stopped before they had read their settings are asked now, so that everything is told at once.
    const silent = [...specs.values()].filter(({ name }) => !this.#misconfigured.has(name));
    const words = [...this.#misconfigured].map((name) => this.#firstWords.get(name)?.text ?? '');
    const all = new Set([...words, ...(await checkSettings(silent))]);
    const [name] = this.#misconfigured;
    const others = all.size === 1 ? '' : ', nor can others';
    const advice = words.some(isDamagedInstallation) ? `\n${damageAdvice}\n` : '';
    const said = [...all].join('\n\n');
    stderr.write(`\nflotilla: ${name} cannot start${others}, so nothing is running. Its output:\n\n${said}\n${advice}`);
    finish(configurationExitCode);
  }
}
