import type { Clock } from '@flotilla/contracts';
import { waitForNews } from '@flotilla/kit/http';
import type { TopicTable } from '../../watch/topics.ts';
import { type Answer, type Rendered, render } from './answer.ts';
import type { Asked, Replying } from './call.ts';
import type { QueryOptions } from './query-options.ts';
import { Refusal } from './refusal.ts';
import { sendRendered } from './send-rendered.ts';
import type { SharedBodies } from './shared-bodies.ts';

/** What a query reads. */
export interface Read {
  /** What can change the answer; its index is the latest of theirs. See `topicOf`. */
  readonly topics: readonly string[];
  /** Makes the answer from what is in memory now. Called anew after each wait. */
  readonly show: () => Answer;
  /**
   * What makes the answer a different one beside the request's path and query: who asks, where that matters. Default: nothing.
   */
  readonly seenBy?: string;
}

/** What queries share. */
export interface ReadContext {
  readonly topics: Pick<TopicTable, 'indexOf' | 'variantOf' | 'wait' | 'waiting' | 'wake'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** A number from 0 to 1. */
  readonly random: () => number;
  readonly bodies: SharedBodies;
  /** The most queries that wait at the same time. */
  readonly maxWaiting: number;
}

/**
 * Answers a query, at once or when there is something new, by Consul's rules: no index, 0, or one that is in the past is answered
 * at once; the current one, or one that was never reached, waits until what is asked for changes, or the time is over.
 */
export async function answerRead(
  request: Asked,
  reply: Replying,
  options: QueryOptions,
  read: Read,
  context: ReadContext,
): Promise<Replying> {
  const { topics, bodies } = context;
  if (options.index > 0) await waitForNews(request, () => waitForChange(reply, options, read, context));
  const index = topics.indexOf(...read.topics);
  const state = `${index} ${topics.variantOf(...read.topics)}`;
  const { status, headers, body } = bodies.get(questionOf(request, read), state, () =>
    render(read.show(), options.pretty),
  );
  return sendRendered(reply, { status, headers: { ...headers, ...headersOf(options, index) }, body });
}

async function waitForChange(
  reply: Replying,
  { index, waitMs }: QueryOptions,
  { topics: names }: Read,
  { topics, maxWaiting, random }: ReadContext,
): Promise<void> {
  if (topics.indexOf(...names) > index) return;
  if (topics.waiting >= maxWaiting)
    throw new Refusal(429, `Too many blocking queries: this registry takes ${maxWaiting} at the same time`);
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  reply.raw.once('close', leave);
  // A bit longer for each, so that those who began together do not come back together.
  const timeoutMs = waitMs + (random() * waitMs) / 16;
  await topics.wait({ topics: names, after: index, timeoutMs, signal: gone.signal });
  reply.raw.off('close', leave);
}

/** What is asked for, without how long the reader waits for it. */
function questionOf({ url }: Asked, { seenBy = '' }: Read): string {
  return `${url.replaceAll(/(?<=[?&])(?:index|wait|token)=[^&]*&?/g, '')} ${seenBy}`;
}

function headersOf({ consistency, cached }: QueryOptions, index: number): Rendered['headers'] {
  return {
    'x-consul-index': String(index),
    'x-consul-knownleader': 'true',
    'x-consul-lastcontact': '0',
    'x-consul-effective-consistency': consistency,
    // Everything is answered from memory that is up to date.
    ...(cached ? { 'x-cache': 'HIT', age: '0' } : {}),
  };
}
