import { type KnownError, kindOf, type Translated } from '@flotilla/contracts';
import type { z } from 'zod';
import type { ApiText, Operation, OperationData, OperationTypes } from './operation.ts';
import type { IdParameter, Parameters } from './parameter.ts';

/** What all operations of an API have in common. */
export interface ApiFacts {
  /** Under which heading documents list them: "Users". Generators of clients use the English one. */
  readonly tag: ApiText;
  /** Errors that each of them may answer with. Default: none besides those that every program may. */
  readonly errors?: OperationData['errors'];
}

type Output<P> =
  P extends IdParameter<infer Optional>
    ? Optional extends true
      ? number | undefined
      : number
    : P extends z.ZodType
      ? z.output<P>
      : never;

type OptionalNames<P extends Parameters> = {
  [Name in keyof P]: undefined extends Output<P[Name]> ? Name : never;
}[keyof P];

/** What a handler gets of parameters: those that may be left out are optional. */
type ValuesOf<P> = P extends Parameters
  ? { readonly [Name in Exclude<keyof P, OptionalNames<P>>]: Output<P[Name]> } & {
      readonly [Name in OptionalNames<P>]?: Output<P[Name]>;
    }
  : object;

/** What is on the wire; where a schema's own type does not say it, what comes out. */
type Wire<S, Otherwise> = S extends z.ZodType ? (unknown extends z.input<S> ? z.output<S> : z.input<S>) : Otherwise;

type Given<D, Name extends keyof OperationData> = D extends { readonly [Key in Name]: infer Value } ? Value : undefined;

/** The types of an operation that is described as `D`. */
export type TypesOf<D extends OperationData> = {
  readonly params: ValuesOf<Given<D, 'params'>>;
  readonly query: ValuesOf<Given<D, 'query'>>;
  readonly body: Given<D, 'body'> extends infer S extends z.ZodType ? z.output<S> : undefined;
  readonly sends: Wire<Given<D, 'body'>, undefined>;
  readonly answer: Wire<D['answers'][keyof D['answers']], unknown>;
  readonly paged: Given<D, 'paged'> extends true ? true : false;
};

/** The operations of a service by their names. */
export type Api<Data extends Readonly<Record<string, OperationData>>> = {
  readonly [Name in keyof Data]: Operation<TypesOf<Data[Name]>>;
};

/** Any API: what programs serve, documents describe and clients call. */
export type AnyApi = Readonly<Record<string, Operation<OperationTypes>>>;

/** What a client of an API needs its own names for. */
const taken: ReadonlySet<string> = new Set(['check', 'close']);

/**
 * Defines the operations of a service as data, in its contract. The server checks requests with it (`addOperation`), clients
 * call by it (`apiClient`), and documents are made from it.
 *
 * ```ts
 * export const cartApi = defineApi({ tag: { en: 'Carts', 'zh-CN': '购物车' } }, {
 *   getCart: {
 *     method: 'GET',
 *     path: '/carts/{id}',
 *     summary: { en: 'Find a cart', 'zh-CN': '查询购物车' },
 *     params: { id: recordIdParameter },
 *     answers: { 200: cartSchema },
 *     errors: ['NOT_FOUND'],
 *   },
 * });
 * ```
 *
 * @throws TypeError naming all that is wrong: names and paths that are not valid, parameters that the path does not have
 */
export function defineApi<const Data extends Readonly<Record<string, OperationData>>>(
  facts: ApiFacts,
  operations: Data,
): Api<Data> {
  const problems = Object.entries(operations).flatMap((entry) => [...problemsOf(entry)]);
  if (problems.length > 0) throw new TypeError(`The API ${inAll(facts.tag).en} is not valid: ${problems.join('; ')}.`);
  const entries = Object.entries(operations).map(([id, data]) => [id, operationOf(id, data, facts)]);
  // One entry was made of each, under its own name.
  return Object.fromEntries(entries) as Api<Data>;
}

function operationOf(id: string, data: OperationData, facts: ApiFacts): Operation {
  // `Answers` has one key.
  const [[status, answer] = ['204', null]] = Object.entries(data.answers);
  return {
    id,
    method: data.method,
    path: data.path,
    summary: inAll(data.summary),
    description: data.description === undefined ? undefined : inAll(data.description),
    params: data.params ?? {},
    query: data.query ?? {},
    body: data.body,
    status: Number(status) as Operation['status'],
    answer: answer ?? undefined,
    errors: [...(data.errors ?? []), ...(facts.errors ?? [])],
    paged: data.paged ?? false,
    conditional: data.conditional ?? false,
    idempotent: data.idempotent ?? false,
    location: data.location,
    tag: inAll(facts.tag),
  };
}

function inAll(text: ApiText): Translated {
  return typeof text === 'string' ? { en: text, 'zh-CN': text } : text;
}

function* problemsOf([id, data]: readonly [string, OperationData]): Generator<string> {
  if (!/^[a-z][A-Za-z0-9]{0,63}$/.test(id) || taken.has(id))
    yield `"${id}" is not a valid name: use letters and digits, but none of ${[...taken].join(', ')}`;
  const { path, params = {}, query = {}, answers, method } = data;
  if (
    !/^\/(?:[A-Za-z0-9._~-]+|\{[A-Za-z_][A-Za-z0-9_]*\})?(?:\/(?:[A-Za-z0-9._~-]+|\{[A-Za-z_][A-Za-z0-9_]*\}))*$/.test(
      path,
    )
  )
    yield `the path of ${id} is not valid: write it like "/users/{id}"`;
  const named = namesIn(path);
  for (const name of named) if (!Object.hasOwn(params, name)) yield `${id} does not describe {${name}} of its path`;
  for (const name of Object.keys(params)) if (!named.includes(name)) yield `the path of ${id} has no {${name}}`;
  for (const name of Object.keys(query))
    if (name === 'body' || named.includes(name))
      yield `${id} cannot have a query parameter "${name}": the name is taken`;
  if (named.includes('body')) yield `${id} cannot have a parameter "body": the name is taken`;
  if (Object.keys(answers).length !== 1) yield `${id} must have exactly one answer`;
  if (data.paged === true && !(Object.hasOwn(query, 'limit') && Object.hasOwn(query, 'cursor')))
    yield `${id} is paged, so its query must have limit and cursor: spread pageQueryShape into it`;
  if (data.body !== undefined && method === 'GET') yield `${id} cannot have a body: it is a GET`;
  for (const error of data.errors ?? []) yield* problemOfError(id, error);
}

function* problemOfError(id: string, error: KnownError): Generator<string> {
  try {
    kindOf(error);
  } catch {
    yield `${id} names an error that does not exist: ${typeof error === 'string' ? error : error.code}`;
  }
}

/** The names of the parameters in a path. */
function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name);
}
