import type { AppError } from '@flotilla/contracts';
import type { RequestHandler } from '../../engine/engine.ts';
import type { AnsweredRequest, PolicyStep } from '../../engine/policy-step.ts';
import type { ExchangeRecord } from '../../exchange/exchange-record.ts';
import { FieldEdits } from '../../headers/field-edits.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import { refusal } from '../../policy/policy-run.ts';
import type { AnswerHead, ClientSide } from '../sides/client-side.ts';
import type { OwnConnections } from '../sides/own-connections.ts';
import type { TunnelEnd, TunnelSide } from '../sides/tunnel-side.ts';
import { BodyTaps } from './body-taps.ts';
import { localAnswer } from './local-answer.ts';

/**
 * The client as an exchange sees it whose route has policies: all that is answered passes them on its way down, whoever
 * makes it.
 */
export class PolicedClient implements ClientSide {
  /** Of the request's body. They end with the exchange at the latest. */
  readonly requestTaps: BodyTaps = new BodyTaps();
  readonly #client: ClientSide;
  readonly #steps: readonly PolicyStep[];
  readonly #request: AnsweredRequest;
  readonly #record: ExchangeRecord;
  readonly #handler: RequestHandler;
  /** All that was changed of the answer under way. */
  #edits = new FieldEdits('answer');
  readonly #taps = new BodyTaps();

  constructor(
    client: ClientSide,
    steps: readonly PolicyStep[],
    request: AnsweredRequest,
    record: ExchangeRecord,
    handler: RequestHandler,
  ) {
    this.#client = client;
    this.#steps = steps;
    this.#request = request;
    this.#record = record;
    this.#handler = handler;
  }

  sendInterim(status: number, fields: HeaderList): void {
    this.#client.sendInterim(status, fields);
  }

  sendHead(head: AnswerHead): boolean {
    const fields = this.#beginAnswer(head.fields);
    const refused = this.#pass(head.status, fields, this.#steps.length);
    if (refused !== undefined) {
      this.#replace(refused.at, refused.error);
      return false;
    }
    for (const step of this.#steps) this.#taps.add(step.tapAnswer?.({ status: head.status, fields }, this.#request));
    return this.#client.sendHead(withFields(head, fields));
  }

  sendBody(chunk: Buffer, start: number, end: number, lent: boolean): boolean {
    this.#taps.bytes(chunk, start, end);
    return this.#client.sendBody(chunk, start, end, lent);
  }

  discard(): void {
    this.#taps.end(false);
    this.#client.discard();
  }

  flush(): boolean {
    return this.#client.flush();
  }

  get backedUp(): boolean {
    return this.#client.backedUp;
  }

  get unsentBytes(): number {
    return this.#client.unsentBytes;
  }

  sendEnd(trailers: HeaderList): void {
    this.#taps.end(true);
    this.#client.sendEnd(this.#edits.applyToTrailers(trailers));
  }

  cut(): void {
    this.#taps.end(false);
    this.#client.cut();
  }

  pauseBody(): void {
    this.#client.pauseBody();
  }

  resumeBody(): void {
    this.#client.resumeBody();
  }

  setDeadline(delayMs: number): void {
    this.#client.setDeadline(delayMs);
  }

  exchangeDone(): void {
    this.requestTaps.end(false);
    this.#taps.end(false);
    for (const step of this.#steps) step.finished?.(this.#record, this.#request);
    this.#client.exchangeDone();
  }

  get own(): OwnConnections | undefined {
    return this.#client.own;
  }

  keepOwn(): OwnConnections | undefined {
    return this.#client.keepOwn();
  }

  switchProtocol(fields: HeaderList, peer: TunnelEnd): TunnelSide {
    const edited = this.#beginAnswer(fields);
    const refused = this.#pass(101, edited, this.#steps.length);
    if (refused === undefined) return this.#client.switchProtocol(edited, peer);
    this.#record.error = refused.error;
    this.#record.ending = 'broken';
    // Not at once: the exchange is in the middle of opening its tunnel, and hears of it as of a lost client.
    queueMicrotask(() => this.#client.cut());
    return noTunnel;
  }

  /** An answer's fields with what steps have said of it before there was one. */
  #beginAnswer(given: HeaderList): string[] {
    const fields = [...given];
    this.#edits = new FieldEdits('answer');
    this.#edits.addAll(this.#request.down);
    this.#edits.applyTo(fields);
    return fields;
  }

  /**
   * Takes an answer's head through the steps, innermost first.
   *
   * @param from how many of the steps, counted from the outermost, it has to pass
   * @returns which step has refused it, and why
   */
  #pass(status: number, fields: string[], from: number): { readonly at: number; readonly error: AppError } | undefined {
    for (let at = from - 1; at >= 0; at--) {
      const step = this.#steps[at];
      if (step?.answer === undefined) continue;
      const edits = new FieldEdits('answer');
      try {
        step.answer({ status, fields, edits }, this.#request);
      } catch (error) {
        return { at, error: refusal(error).error };
      }
      edits.applyTo(fields);
      this.#edits.addAll(edits);
    }
    return undefined;
  }

  /** Tells of an error instead. It passes the steps that are left; the next one that refuses is the last that is heard. */
  #replace(at: number, error: AppError): void {
    const record = this.#record;
    const response = this.#handler.problem(error, record.head, record.identity);
    const { head, body } = localAnswer(record, response);
    const fields = this.#beginAnswer(head.fields);
    const refused = this.#pass(head.status, fields, at);
    if (refused !== undefined) return this.#replace(refused.at, refused.error);
    record.error = error;
    record.status = head.status;
    this.#client.sendHead(withFields(head, fields));
    if (body !== undefined) {
      record.responseBytes += body.length;
      this.#client.sendBody(body, 0, body.length, false);
    }
    this.#client.sendEnd([]);
  }
}

/** Written out, so that a writer sees heads of one shape, whether they have passed policies or not. */
function withFields({ status, reasonPhrase, contentLength, hasBody }: AnswerHead, fields: HeaderList): AnswerHead {
  return { status, reasonPhrase, fields, contentLength, hasBody };
}

function nothing(): void {}

/** One that is already gone. */
const noTunnel: TunnelSide = {
  write: nothing,
  backedUp: false,
  pause: nothing,
  resume: nothing,
  end: nothing,
  destroy: nothing,
};
