import { headerNames } from '@flotilla/contracts';
import type { WholeAnswer } from '@flotilla/contracts/http-client';
import { z } from 'zod';
import type { KeyList, KeySource } from '../central/key-source.ts';
import { askRegistry, jsonIn, type RegistryHttp } from '../http/registry-http.ts';
import { refusal } from './flotilla-api.ts';

/** How long the registry may hold a question. So soon is a connection noticed that was cut without a word. */
const waitMs = 30_000;
/** Settings are short; this is far more than all of one service. */
const maxListBytes = 16 * 1_048_576;

const keySchema = z.object({
  key: z.string(),
  value: z.string().optional(),
  value_base64: z.string().optional(),
  revision: z.int(),
});
const listSchema = z.array(keySchema);

/** The keys of Flotilla's own registry, over its HTTP API. */
export function flotillaKeySource(http: RegistryHttp): KeySource {
  return {
    async list(prefix, after, signal) {
      const query = new URLSearchParams({ prefix });
      if (after !== undefined) {
        query.set('index', after);
        query.set('wait', `${waitMs / 1_000}s`);
      }
      const answer = await ask(http, {
        method: 'GET',
        path: `kv?${query.toString()}`,
        signal,
        heldMs: after === undefined ? 0 : waitMs,
      });
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw refusal(answer.status, answer.body);
      return listIn(answer, prefix);
    },
    async read(key, signal) {
      const answer = await ask(http, { method: 'GET', path: pathOf(key), signal });
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw refusal(answer.status, answer.body);
      const found = keySchema.parse(jsonIn(answer.body));
      return { text: textOf(found), revision: String(found.revision) };
    },
    async write(key, text, before, signal) {
      const path = `${pathOf(key)}?if_revision=${before?.revision ?? 0}`;
      const answer = await ask(http, { method: 'PUT', path, signal, text });
      if (answer.status === 409) return 'conflict';
      if (answer.status === 404) return 'no-keys';
      if (answer.status !== 200) throw refusal(answer.status, answer.body);
      return 'written';
    },
    close: () => http.transport.close(),
  };
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly text?: string;
  /** How long the registry may hold the question, in milliseconds. Default: not at all. */
  readonly heldMs?: number;
}

function ask(http: RegistryHttp, { method, path, signal, text, heldMs = 0 }: Question): Promise<WholeAnswer> {
  return http.addresses.tryInTurn(signal, async (base) => {
    const answer = await askRegistry(http, {
      ...{ method, url: new URL(path, base), signal, maxBodyBytes: maxListBytes },
      headers: { 'accept-language': 'en', ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
      text,
      timeoutMs: http.requestTimeoutMs + heldMs,
    });
    // Asked elsewhere: this one could not answer.
    if (answer.status >= 500) throw refusal(answer.status, answer.body);
    return answer;
  });
}

function listIn({ body, headers }: WholeAnswer, prefix: string): KeyList {
  const index = headers['x-registry-revision'];
  const history = headers[headerNames.registryHistory];
  if (typeof index !== 'string') throw new Error('the answer does not say which revision it is of');
  const keys = listSchema.parse(jsonIn(body));
  return {
    texts: new Map(keys.map((found) => [found.key.slice(prefix.length), textOf(found)])),
    index,
    history: typeof history === 'string' ? history : undefined,
  };
}

function pathOf(key: string): string {
  return `kv/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** What is not text becomes text that fits no setting. */
function textOf({ value, value_base64: base64 = '' }: z.infer<typeof keySchema>): string {
  return value ?? Buffer.from(base64, 'base64').toString('utf8');
}
