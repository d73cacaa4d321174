import type { IncomingMessage } from 'node:http';
import { rule, ruleIssue } from '@flotilla/contracts';
import { waitForNews } from '@flotilla/kit/http';
import { z } from 'zod';
import type { TopicTable } from '../watch/topics.ts';

/** Waits for no longer than this: proxies and people give up before. */
const maxWaitMs = 600_000;
/** How long is waited when nothing is said: half of what common proxies bear. */
const defaultWaitMs = 30_000;

const revisionRule = rule('NOT_A_REVISION', { max: Number.MAX_SAFE_INTEGER });

/** Checks a revision in a query: digits, and a number that can be counted to. */
export const revisionSchema: z.ZodType<number> = z.string().refine(isRevision, revisionRule).transform(Number);

/** Whether a text is a revision. */
export function isRevision(text: string): boolean {
  return /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text));
}

const unitsMs: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000 };

/** Checks how long to wait: `500ms`, `30s`, `5m`, or milliseconds. Returns milliseconds. */
const waitSchema: z.ZodType<number> = z.string().transform((text, context) => {
  const [, digits, unit = ''] = /^(\d{1,9})(ms|s|m)?$/.exec(text) ?? [];
  const ms = digits === undefined ? undefined : Number(digits) * (unitsMs[unit] ?? 1);
  if (ms !== undefined && ms <= maxWaitMs) return ms;
  context.addIssue(ruleIssue('NOT_A_WAIT', { max: '10m' }));
  return z.NEVER;
});

/** The part of a query that asks to wait for a change. */
export interface PollQuery {
  /** The revision that the caller knows, from the header of an earlier answer. Left out: it does not wait. */
  readonly index?: number | undefined;
  /** How long to wait at most, in milliseconds. */
  readonly wait?: number | undefined;
}

export const pollQueryShape: { readonly [K in keyof Required<PollQuery>]: z.ZodType<PollQuery[K]> } = {
  index: revisionSchema.optional(),
  wait: waitSchema.optional(),
};

/** A request that may end before it is answered. */
export interface Leaving {
  readonly raw: IncomingMessage;
}

/**
 * Waits until what a topic, or any of several, stands for has changed since the revision that the caller knows, or its time is up, or the caller has
 * left. Read what is there after that.
 */
export async function waitForChange(
  topics: Pick<TopicTable, 'wait'>,
  topic: string | readonly string[],
  { index = 0, wait: timeoutMs = defaultWaitMs }: PollQuery,
  request: Leaving,
): Promise<void> {
  if (index === 0) return;
  // Only the connection tells: a request without a body is over as soon as it has come.
  const { socket } = request.raw;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  socket.once('close', leave);
  try {
    await waitForNews(request, () =>
      topics.wait({ topics: [topic].flat(), after: index, timeoutMs, signal: gone.signal }),
    );
  } finally {
    socket.off('close', leave);
  }
}
