import { AppError } from '@flotilla/contracts';
import type { LocalResponse } from '../../engine/local-response.ts';
import type { Decided, PolicyRequest, PolicyStep, Verdict } from '../../engine/policy-step.ts';
import type { ClientLoss, ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import { PolicyRun, settle } from '../../policy/policy-run.ts';
import type { RequestSink } from '../sides/client-side.ts';
import type { EngineParts } from './engine-parts.ts';
import type { PolicedClient } from './policed-client.ts';
import { RefusedExchange } from './refused-exchange.ts';
import { bodyError } from './rejection-error.ts';

type Wait = Extract<Verdict, { kind: 'wait' }>;

/** So much of a body is kept while its request waits, as of one that is kept for another attempt. */
const maxHeldBytes = 65_536;

/**
 * One request whose route has policies. It passes the chain before anything else sees it; while a step has to wait, its body
 * is held back. Then it becomes what its route makes of it, and hears of its client through here.
 */
export class PolicyExchange implements RequestSink {
  readonly #parts: EngineParts;
  readonly #client: PolicedClient;
  readonly #steps: readonly PolicyStep[];
  readonly #request: PolicyRequest;
  readonly #record: ExchangeRecord;
  readonly #serve: () => RequestSink;
  readonly #run: PolicyRun;
  #inner: RequestSink | undefined;
  #wait: AbortController | undefined;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Undefined until all of the request is here. */
  #trailers: HeaderList | undefined;
  #done = false;

  /**
   * @param client whom all answers go to, past the chain
   * @param serve makes the exchange that serves the request once the chain has let it through
   */
  constructor(
    parts: EngineParts,
    client: PolicedClient,
    steps: readonly PolicyStep[],
    request: PolicyRequest,
    record: ExchangeRecord,
    serve: () => RequestSink,
  ) {
    this.#parts = parts;
    this.#client = client;
    this.#steps = steps;
    this.#request = request;
    this.#record = record;
    this.#serve = serve;
    this.#run = new PolicyRun(steps, request);
  }

  start(): void {
    if (!this.#done && this.#inner === undefined) this.#follow(this.#run.next());
  }

  onRequestBody(bytes: Buffer): void {
    if (this.#inner !== undefined) {
      this.#client.requestTaps.bytes(bytes, 0, bytes.length);
      return this.#inner.onRequestBody(bytes);
    }
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes >= maxHeldBytes) this.#client.pauseBody();
  }

  onRequestEnd(trailers: HeaderList): void {
    if (this.#inner === undefined) {
      this.#trailers = trailers;
      return;
    }
    this.#client.requestTaps.end(true);
    this.#inner.onRequestEnd(trailers);
  }

  onRequestInvalid(status: number, reason: string, detail: string): void {
    this.#client.requestTaps.end(false);
    if (this.#inner !== undefined) return this.#inner.onRequestInvalid(status, reason, detail);
    this.#answer(bodyError(status, reason, detail));
  }

  onClientWritable(): void {
    this.#inner?.onClientWritable();
  }

  onClientGone(loss: ClientLoss): void {
    this.#client.requestTaps.end(false);
    if (this.#inner !== undefined) return this.#inner.onClientGone(loss);
    if (this.#done) return;
    this.#stopWaiting();
    this.#done = true;
    this.#record.ending = loss;
    this.#record.requestBytes = this.#heldBytes;
    this.#record.endedAtMs = this.#parts.clock.monotonicMs();
    this.#parts.finished(this.#record);
    this.#client.exchangeDone();
  }

  onDeadline(): void {
    if (this.#inner !== undefined) return this.#inner.onDeadline();
    if (this.#wait === undefined) return;
    const cause = `the policy "${this.#run.asked}" did not decide in time`;
    this.#decide(new AppError('GATEWAY_TIMEOUT', { parameters: { service: 'gateway' }, cause }));
  }

  #follow(verdict: Verdict): void {
    switch (verdict.kind) {
      case 'go-on':
        return this.#pass();
      case 'answer':
        return this.#decide(verdict.response);
      case 'refuse':
        return this.#decide(verdict.error);
      case 'wait':
        return this.#begin(verdict);
      default:
        verdict satisfies never;
    }
  }

  #begin(wait: Wait): void {
    const refused = this.#parts.waiting.begin();
    if (refused !== undefined) return this.#decide(refused);
    const abort = new AbortController();
    this.#wait = abort;
    this.#client.setDeadline(wait.atMostMs);
    void settle(wait, abort.signal).then((decided) => this.#settled(abort, decided));
  }

  #settled(wait: AbortController, decided: Decided): void {
    if (this.#wait !== wait) return;
    this.#wait = undefined;
    this.#parts.waiting.end();
    // Whatever has been waited for, a turn begins with it.
    this.#parts.clock.refresh();
    this.#follow(decided.kind === 'go-on' ? this.#run.next() : decided);
  }

  /** The request is served, beginning with what came of it meanwhile. */
  #pass(): void {
    for (const step of this.#steps) this.#client.requestTaps.add(step.tapRequest?.(this.#request));
    this.#become(this.#serve());
  }

  /** The step that was asked last decides on the request, be it by not deciding. */
  #decide(answer: AppError | LocalResponse): void {
    this.#record.policy = this.#run.asked;
    this.#answer(answer);
  }

  #answer(how: AppError | LocalResponse): void {
    this.#stopWaiting();
    this.#become(new RefusedExchange(this.#parts, this.#client, this.#record, how));
  }

  #become(exchange: RequestSink): void {
    const held = this.#held;
    this.#held = [];
    this.#inner = exchange;
    // The exchange may stop it again.
    if (this.#heldBytes >= maxHeldBytes) this.#client.resumeBody();
    for (const bytes of held) this.onRequestBody(bytes);
    if (this.#trailers !== undefined) this.onRequestEnd(this.#trailers);
    exchange.start();
  }

  #stopWaiting(): void {
    const wait = this.#wait;
    if (wait === undefined) return;
    this.#wait = undefined;
    this.#parts.waiting.end();
    wait.abort();
  }
}
