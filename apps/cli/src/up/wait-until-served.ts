import { get } from 'node:http';
import type { Clock } from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import { boundedText, printableText } from '@flotilla/kit/printable-text';

/** Asked again after this, and after twice as long each time, up to the longest: every refusal is a line in a log. */
const firstPollMs = 20;
const longestPollMs = 320;
const oneRequestMs = 1_000;
/**
 * A program hears within milliseconds of what has registered: whoever gives the same refusal for so long gives it because
 * something is missing, and waiting brings nothing.
 */
const settledMs = 1_000;
/** The longest title shown of an answer: one line. */
const longestTitle = 200;
/** A problem of ours is far shorter. */
const longestBodyBytes = 16_384;

/** The answer to a request. */
export interface Answer {
  /** 0: there was no answer. */
  readonly status: number;
  /** The reason that the answer gives; undefined: none. */
  readonly says: string | undefined;
}

/** A request that does not work. */
export interface Unserved extends Answer {
  readonly url: string;
}

export interface ServedOptions {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Default: asks over HTTP. */
  readonly ask?: (url: string) => Promise<Answer>;
}

/**
 * Waits until every request is answered without a server's error, so that what is shown to be tried works at once:
 * between "all are ready" and "the gateway has heard of all of them" lie a few milliseconds. Resolves with what still
 * fails after `limitMs`, or has been refused in the same way for a second.
 */
export async function waitUntilServed(urls: readonly string[], options: ServedOptions): Promise<readonly Unserved[]> {
  const { clock, limitMs, ask = answerTo } = options;
  const endMs = clock.monotonicMs() + limitMs;
  let failing: readonly (Unserved & { readonly sinceMs: number })[] = urls.map((url) => ({
    url,
    status: 0,
    says: undefined,
    sinceMs: clock.monotonicMs(),
  }));
  for (let pollMs = firstPollMs; ; pollMs = Math.min(2 * pollMs, longestPollMs)) {
    await new Promise<void>((resolve) => clock.after(pollMs, resolve));
    const answers = await Promise.all(failing.map(({ url }) => ask(url)));
    const nowMs = clock.monotonicMs();
    failing = failing.flatMap((before, index) => {
      const { status, says } = answers[index] ?? before;
      if (status !== 0 && status < 500) return [];
      const same = status === before.status && says === before.says;
      return [{ url: before.url, status, says, sinceMs: same ? before.sinceMs : nowMs }];
    });
    const isSettled = failing.every(({ status, sinceMs }) => status !== 0 && nowMs - sinceMs >= settledMs);
    if (isSettled || nowMs >= endMs) return failing.map(({ url, status, says }) => ({ url, status, says }));
  }
}

/** Tells what is missing, as far as the answer does. */
export function unservedWords({ url, status, says }: Unserved): string {
  if (status === 0) return `${url} is not answered`;
  // Any program may have said it.
  const why = says === undefined ? 'the log lines above may say why' : printableText(boundedText(says, longestTitle));
  return `${url} is answered with ${status}: ${why}`;
}

/** Sends a GET and returns the answer. */
function answerTo(url: string): Promise<Answer> {
  return new Promise((resolve) => {
    const none = (): void => resolve({ status: 0, says: undefined });
    const headers = { accept: 'application/problem+json, */*', 'accept-language': 'en' };
    const request = get(url, { agent: false, timeout: oneRequestMs, headers }, (response) => {
      const status = response.statusCode ?? 0;
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes <= longestBodyBytes) chunks.push(chunk);
      });
      response.on('end', () => resolve({ status, says: titleIn(Buffer.concat(chunks)) }));
      response.on('error', none);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', none);
    // Not listened to, it would be told to nobody.
    request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      none();
    });
  });
}

/** The title of a problem document. */
function titleIn(body: Uint8Array): string | undefined {
  const read = readJson(body);
  const { value } = read.ok ? read : {};
  if (typeof value !== 'object' || value === null || !('title' in value)) return undefined;
  return typeof value.title === 'string' ? value.title : undefined;
}
