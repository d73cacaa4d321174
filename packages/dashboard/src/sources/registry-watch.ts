import { type Clock, type ServiceInstance, serviceInstanceSchema } from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import { pause } from '@flotilla/contracts/time';
import { type RegistryAnswer, RegistryAway, type RegistryHttp } from './registry-http.ts';
import type { Troubles } from './troubles.ts';

/** A check that does not pass. */
export interface FailedCheck {
  readonly service: string;
  readonly instanceId: string;
  readonly check: string;
  readonly status: string;
  readonly output: string;
}

/** What the registry has. */
export interface RegistryState {
  readonly instances: readonly ServiceInstance[];
  readonly failedChecks: readonly FailedCheck[];
}

/** What {@link RegistryWatch} needs. */
export interface RegistryWatchOptions {
  readonly registry: RegistryHttp;
  readonly clock: Clock;
  readonly troubles: Pick<Troubles, 'note'>;
  /** Called with each change. */
  readonly onChange: () => void;
}

/** The registry answers after this time even if nothing has changed. */
const waitSeconds = 20;
const answerLimitMs = (waitSeconds + 5) * 1_000;
const firstRetryMs = 500;
const longestRetryMs = 5_000;

/** Follows what is registered: the registry answers each question when something has changed. What was read stays while it is away. */
export class RegistryWatch {
  readonly #options: RegistryWatchOptions;
  readonly #ended = new AbortController();
  #state: RegistryState = { instances: [], failedChecks: [] };
  #revision: string | undefined;

  constructor(options: RegistryWatchOptions) {
    this.#options = options;
  }

  get state(): RegistryState {
    return this.#state;
  }

  start(): void {
    void this.#follow();
  }

  close(): void {
    this.#ended.abort();
  }

  async #follow(): Promise<void> {
    const { clock, troubles, onChange } = this.#options;
    const { signal } = this.#ended;
    let retryMs = firstRetryMs;
    while (!signal.aborted) {
      try {
        this.#state = await this.#read(signal);
        retryMs = firstRetryMs;
        troubles.note('registry', undefined);
        onChange();
      } catch (error) {
        if (signal.aborted) return;
        this.#revision = undefined;
        troubles.note(
          'registry',
          error instanceof RegistryAway ? error.message : `The registry cannot be read: ${String(error)}`,
        );
        await pause(clock, retryMs, signal);
        retryMs = Math.min(2 * retryMs, longestRetryMs);
      }
    }
  }

  async #read(signal: AbortSignal): Promise<RegistryState> {
    const { registry } = this.#options;
    const query = this.#revision === undefined ? '' : `?index=${this.#revision}&wait=${waitSeconds}s`;
    const list = await registry.call({ path: `services${query}`, timeoutMs: answerLimitMs, signal });
    const instances = listIn(list).flatMap((one) => serviceInstanceSchema.safeParse(one).data ?? []);
    const checks = listIn(await registry.call({ path: 'checks', signal }));
    const revision = list.headers['x-registry-revision'];
    this.#revision = typeof revision === 'string' ? revision : undefined;
    // One that says no revision cannot be waited for.
    if (this.#revision === undefined) await pause(this.#options.clock, longestRetryMs, signal);
    return { instances, failedChecks: checks.flatMap(failedCheck) };
  }
}

function listIn({ status, body }: RegistryAnswer): readonly unknown[] {
  if (status === 401 || status === 403)
    throw new RegistryAway(
      'The registry refuses to be read. Set REGISTRY_TOKEN of the dashboard to a token that may discover services.',
    );
  const read = readJson(body);
  if (status === 200 && read.ok && Array.isArray(read.value)) return read.value;
  throw new RegistryAway(
    `The registry answers with status ${status} and no list. Check that REGISTRY_URL names a Flotilla registry.`,
  );
}

function failedCheck(value: unknown): readonly FailedCheck[] {
  if (typeof value !== 'object' || value === null) return [];
  // Of an object any name can be asked for.
  const { name, id, check, status, output } = value as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || typeof id !== 'string' || typeof status !== 'string' || status === 'passing')
    return [];
  return [
    { service: name, instanceId: id, check: String(check), status, output: typeof output === 'string' ? output : '' },
  ];
}
