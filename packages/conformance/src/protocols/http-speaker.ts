import { type ErrorKind, grpcStatuses, isCoreErrorCode, kindOf } from '@flotilla/contracts';
import { type Answer, asker } from '@flotilla/testing/http';
import {
  type Fields,
  type Outcome,
  plainName,
  type Speaker,
  type SpokenService,
  type WriteOptions,
} from './speaker.ts';

/** How a service's HTTP API differs from its messages. */
export interface HttpSpeech extends SpokenService {
  /** `http://127.0.0.1:8001` */
  readonly url: string;
  /** The path of the records: `/users`. */
  readonly path: string;
  /** A record of HTTP as the message would have it. Default: as it is. */
  readonly toFields?: (record: Readonly<Record<string, unknown>>) => Fields;
  /** The body for a message's fields. Default: as they are. */
  readonly toBody?: (fields: Fields) => unknown;
  /** Names of fields that messages have under another name. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** Speaks HTTP with a service. */
export function httpSpeaker(o: HttpSpeech): Speaker {
  const ask = asker(o.url);
  // What a record is, its schema says; nothing else comes.
  const toFields = o.toFields ?? ((record) => record as Fields);
  const toBody = o.toBody ?? ((fields) => fields);
  const common = { 'accept-language': o.language ?? 'en' };
  const headersOf = ({ ifMatch, idempotencyKey }: WriteOptions = {}): Record<string, string> => ({
    ...common,
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': `"${idempotencyKey}"` }),
  });
  const outcomeOf = (answer: Answer): Outcome => {
    if (answer.status >= 400) return refusal(answer, o);
    if (answer.status === 204) return { kind: 'removed' };
    return {
      kind: 'record',
      record: toFields(answer.body ?? {}),
      etag: answer.headers.get('etag') ?? '',
      replayed: answer.headers.get('idempotency-replayed') === 'true',
    };
  };
  const one = (id: number | bigint): string => `${o.path}/${id}`;
  return {
    protocol: 'HTTP',
    get: async (id) => outcomeOf(await ask('GET', one(id), undefined, common)),
    async list({ size, token }, filter = {}) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
      if (size !== undefined) query.set('limit', String(size));
      if (token !== undefined) query.set('cursor', token);
      const target = query.size === 0 ? o.path : `${o.path}?${query}`;
      const answer = await ask('GET', target, undefined, common);
      if (answer.status >= 400) return refusal(answer, o);
      const next = /[?&]cursor=([^&>]+)/.exec(answer.headers.get('link') ?? '')?.[1] ?? '';
      const rows = JSON.parse(answer.text) as readonly Record<string, unknown>[];
      return { kind: 'page', records: rows.map(toFields), next };
    },
    add: async (fields, options) => outcomeOf(await ask('POST', o.path, toBody(fields), headersOf(options))),
    change: async (id, fields, options) => outcomeOf(await ask('PATCH', one(id), toBody(fields), headersOf(options))),
    remove: async (id, options) => outcomeOf(await ask('DELETE', one(id), undefined, headersOf(options))),
    act: async (action, id, options) =>
      outcomeOf(await ask('POST', `${one(id)}/${action}`, undefined, headersOf(options))),
  };
}

interface Problem {
  readonly code: string;
  readonly title: string;
  readonly errors?: readonly { readonly field: string; readonly code: string }[];
}

function refusal(answer: Answer, { errors, renamed = {} }: HttpSpeech): Outcome {
  const { code, title, errors: wrong = [] } = JSON.parse(answer.text) as Problem; // Comparisons find what is not one.
  const kind: ErrorKind | undefined = isCoreErrorCode(code) ? kindOf(code) : errors[code];
  const retryAfter = answer.headers.get('retry-after');
  return {
    kind: 'refused',
    code,
    status: kind === undefined ? -1 : grpcStatuses.indexOf(kind.grpc) + 1,
    title,
    fields: wrong.map((problem) => wordsOf(problem, { ...pageNames, ...renamed })).toSorted(),
    retryAfterS: retryAfter === null ? undefined : Number(retryAfter),
  };
}

/** What pages of lists are asked for with, by the names of messages. */
const pageNames = { limit: 'page_size', cursor: 'page_token' };

function wordsOf(
  problem: { readonly field: string; readonly code: string },
  renamed: HttpSpeech['renamed'] & object,
): string {
  const name = plainName(problem.field);
  const code = problem.code === 'NOT_A_CURSOR' ? 'NOT_A_PAGE_TOKEN' : problem.code;
  return `${renamed[name] ?? name} ${code}`;
}
