import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Operation, OperationTypes, RowOf, TypeOf } from '../api/operation.ts';
import { isIdParameter, type Parameters } from '../api/parameter.ts';
import type { ServiceCall } from '../idempotency/index.ts';
import { noQuerySchema, type Page, type Precondition, readRecordId } from '../resource/index.ts';
import { readPrecondition, tagAnswer } from './conditional.ts';
import type { HttpApp } from './http-app-type.ts';
import { linkToNext } from './link-to-next.ts';
import { requestContext } from './request-context.ts';
import { serviceCall } from './service-call.ts';

/** One request of an operation, checked. */
export interface OperationCall<T extends OperationTypes = OperationTypes> {
  readonly params: TypeOf<T, 'params', Record<never, never>>;
  readonly query: TypeOf<T, 'query', Record<never, never>>;
  readonly body: TypeOf<T, 'body', undefined>;
  /** The condition in `If-Match` and `If-None-Match`, of a conditional operation; undefined: the caller has none. */
  readonly condition: Precondition | undefined;
  /** What functions of the service need to know of the request; of an idempotent operation, with the key. */
  readonly call: ServiceCall;
  readonly request: FastifyRequest;
}

/**
 * What a handler returns: what the answer's schema describes, and of a paged operation a `Page` of its rows. Where the answer
 * has no body, it does not matter.
 */
export type OperationResult<T extends OperationTypes> =
  TypeOf<T, 'paged', false> extends true ? Page<RowOf<TypeOf<T, 'answer', never>>> : TypeOf<T, 'answer', unknown>;

/** Answers requests of one operation. */
export type OperationHandler<T extends OperationTypes> = (
  call: OperationCall<T>,
) => Promise<OperationResult<T>> | OperationResult<T>;

/** Makes the call of a request. */
type ReadCall = (request: FastifyRequest, reply: FastifyReply) => OperationCall;

/** A handler without its types: what they say was checked where it was added. */
type AnyHandler = (call: OperationCall) => unknown;

/**
 * Serves an operation of a contract: its route, with the checks of its schemas, `ETag` and 304, `Link` to the next page and
 * `Location`. The handler gets what was checked and returns the answer.
 *
 * ```ts
 * addOperation(app, cartApi.getCart, ({ params }) => carts.get(params.id));
 * ```
 *
 * @throws TypeError when the app has an operation with this name
 */
export function addOperation<T extends OperationTypes>(
  app: HttpApp,
  operation: Operation<T>,
  handler: OperationHandler<T>,
): void {
  app.operations.add(operation);
  app.route({
    method: operation.method,
    url: operation.path.replaceAll(/\{([^}]+)\}/g, ':$1'),
    schema: schemasOf(operation),
    onSend: tagAnswer,
    // The types of `T` are those that `schemasOf` checks.
    handler: answering(operation, readCall(operation), handler as unknown as AnyHandler),
  });
}

/** The schemas that Fastify checks first. Ids with errors of their own are read last, so that theirs is the last word. */
function schemasOf({ params, query, body }: Operation): {
  querystring: z.ZodType;
  params?: z.ZodType;
  body?: z.ZodType;
} {
  const hasQuery = Object.keys(query).length > 0;
  return {
    querystring: hasQuery ? z.strictObject(shapeOf(query, z.unknown().optional())) : noQuerySchema,
    ...(Object.keys(params).length > 0 ? { params: z.object(shapeOf(params, z.string())) } : {}),
    ...(body === undefined ? {} : { body }),
  };
}

function shapeOf(parameters: Parameters, id: z.ZodType): Record<string, z.ZodType> {
  const entries = Object.entries(parameters);
  return Object.fromEntries(entries.map(([name, parameter]) => [name, isIdParameter(parameter) ? id : parameter]));
}

function readCall({ params, query, conditional, idempotent }: Operation): ReadCall {
  const paramsOf = readIds(params, (name) => `{${name}}`);
  const queryOf = readIds(query, (name) => `?${name}`);
  return (request, reply) => ({
    params: paramsOf(request.params),
    query: queryOf(request.query),
    body: request.body as undefined, // As the route's schema says, which only `T` knows.
    condition: conditional ? readPrecondition(request.headers) : undefined,
    call: idempotent ? serviceCall(request, reply) : requestContext(request),
    request,
  });
}

/** Reads the ids among parameters; all others are checked already. */
function readIds(parameters: Parameters, fieldOf: (name: string) => string): (values: unknown) => object {
  const ids = Object.entries(parameters).flatMap(([name, parameter]) =>
    isIdParameter(parameter) ? [{ name, parameter, field: fieldOf(name) }] : [],
  );
  return (values) => {
    // Fastify's parameters are always an object.
    const read = values as Record<string, unknown>;
    for (const { name, parameter, field } of ids) {
      const value = read[name];
      if (value !== undefined || !parameter.optional) read[name] = readRecordId(value, field, parameter.invalid);
    }
    return read;
  };
}

/** One way for each kind of answer, chosen once and not with each request. */
function answering(
  operation: Operation,
  callOf: ReadCall,
  handler: AnyHandler,
): (request: FastifyRequest, reply: FastifyReply) => unknown {
  const { paged, status, answer, location } = operation;
  if (paged)
    return async (request, reply) => {
      // The type of a paged operation's handler says so.
      const page = (await handler(callOf(request, reply))) as Page<unknown>;
      const link = linkToNext(request.url, page);
      if (link !== undefined) reply.header('link', link);
      return page.rows;
    };
  if (answer === undefined)
    return async (request, reply) => {
      await handler(callOf(request, reply));
      return reply.code(status).send();
    };
  if (status === 200 && location === undefined) return (request, reply) => handler(callOf(request, reply));
  const pathOf = location as ((made: unknown) => string) | undefined; // It takes what the handler returns.
  return async (request, reply) => {
    const made = await handler(callOf(request, reply));
    reply.code(status);
    if (pathOf !== undefined) reply.header('location', pathOf(made));
    return made;
  };
}
