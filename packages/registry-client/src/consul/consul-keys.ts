import type { WholeAnswer } from '@flotilla/contracts/http-client';
import { z } from 'zod';
import type { KeyList, KeySource, KeyValue } from '../central/key-source.ts';
import { foreignRefusal } from '../http/foreign-answer.ts';
import { askRegistry, jsonIn, type RegistryHttp } from '../http/registry-http.ts';
import { indexOf } from './consul-index.ts';

/** How long Consul may hold a question. So soon is a connection noticed that was cut without a word. */
const waitMs = 30_000;
/** Consul waits up to a sixteenth longer, at random. */
const longestWaitMs = waitMs + waitMs / 16;
/** Settings are short; this is far more than all of one service. */
const maxListBytes = 16 * 1_048_576;

const keysSchema = z.array(z.object({ Key: z.string(), Value: z.string().nullable(), ModifyIndex: z.int() }));
type FoundKey = z.infer<typeof keysSchema>[number];

/** The keys of a Consul, by blocking queries. */
export function consulKeySource(http: RegistryHttp): KeySource {
  /** By prefix: the last index, and how often it went back, which it does when Consul has lost its data. */
  const seen = new Map<string, { readonly index: bigint; readonly lives: number }>();
  return {
    async list(prefix, after, signal) {
      const query = new URLSearchParams(after === undefined ? {} : { index: after, wait: `${waitMs}ms` });
      const heldMs = after === undefined ? 0 : longestWaitMs;
      const answer = await ask(http, {
        method: 'GET',
        key: prefix,
        query: `recurse&${query.toString()}`,
        heldMs,
        signal,
      });
      const index = indexOf(answer);
      const last = seen.get(prefix) ?? { index, lives: 0 };
      const lives = index < last.index ? last.lives + 1 : last.lives;
      seen.set(prefix, { index, lives });
      return listIn(answer, prefix, index, String(lives));
    },
    async read(key, signal) {
      const answer = await ask(http, { method: 'GET', key, query: '', signal });
      const [found] = answer.status === 404 ? [] : keysSchema.parse(jsonIn(answer.body));
      return found === undefined ? undefined : { text: textOf(found), revision: String(found.ModifyIndex) };
    },
    async write(key, text, before: KeyValue | undefined, signal) {
      const query = `cas=${before?.revision ?? 0}`;
      const answer = await ask(http, { method: 'PUT', key, query, text, signal });
      return answer.body.toString('utf8').trim() === 'true' ? 'written' : 'conflict';
    },
    close: () => http.transport.close(),
  };
}

interface Question {
  readonly method: string;
  readonly key: string;
  readonly query: string;
  readonly signal: AbortSignal;
  readonly text?: string;
  /** How long Consul may hold the question, in milliseconds. Default: not at all. */
  readonly heldMs?: number;
}

function ask(http: RegistryHttp, { method, key, query, signal, text, heldMs = 0 }: Question): Promise<WholeAnswer> {
  return http.addresses.tryInTurn(signal, async (base) => {
    const url = new URL(`v1/kv/${key.split('/').map(encodeURIComponent).join('/')}`, base);
    url.search = query;
    const timeoutMs = http.requestTimeoutMs + heldMs;
    const answer = await askRegistry(http, { method, url, signal, text, timeoutMs, maxBodyBytes: maxListBytes });
    // That there is no such key is an answer; a server that is no Consul has no index.
    if (answer.status === 404 && method === 'GET' && answer.headers['x-consul-index'] !== undefined) return answer;
    if (answer.status !== 200) throw foreignRefusal('Consul', answer);
    return answer;
  });
}

function listIn(answer: WholeAnswer, prefix: string, index: bigint, history: string): KeyList {
  const found = answer.status === 404 ? [] : keysSchema.parse(jsonIn(answer.body));
  return {
    // Tools that show folders make keys that end with a slash; they hold nothing.
    texts: new Map(
      found.map((one) => [one.Key.slice(prefix.length), textOf(one)] as const).filter(([name]) => name !== ''),
    ),
    index: String(index),
    history,
  };
}

function textOf({ Value }: FoundKey): string {
  return Buffer.from(Value ?? '', 'base64').toString('utf8');
}
