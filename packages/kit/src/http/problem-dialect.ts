import { AppError } from '@flotilla/contracts';
import type { FastifyRequest } from 'fastify';
import { problemAnswer } from '../problem/index.ts';
import type { Dialect } from './dialect.ts';
import { parseJson } from './parse-json.ts';
import { checkQuery } from './parse-query.ts';
import { checkCharset, hasBody } from './refuse-early.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is bytes, whatever its type says: `request.body` is a Buffer, or undefined if there is none. */
    readonly takesBytes?: boolean;
  }
}

/** Our own dialect: strict JSON in, problem documents (RFC 9457) for errors. */
export const problemDialect: Dialect = {
  bodies: [
    {
      type: 'application/json',
      read(body, request) {
        if (takesBytes(request)) return body;
        checkCharset(request.headers['content-type']);
        // Announced by Transfer-Encoding, but empty: for a route that takes no body, that is fine.
        if (body.length === 0 && request.routeOptions.schema?.body === undefined) return undefined;
        return parseJson(body, request.routeOptions.config?.maxJsonDepth);
      },
    },
  ],
  refuse(request) {
    checkQuery(request.query);
    refuseCodings(request);
    // Fastify refuses a type that it cannot read before it looks for a parser.
    if (takesBytes(request) && hasBody(request)) request.raw.headers['content-type'] = 'application/json';
  },
  answer: (error, context, request) => problemAnswer(error, context, request.headers.accept),
};

function takesBytes(request: FastifyRequest): boolean {
  return request.routeOptions.config?.takesBytes === true;
}

function refuseCodings(request: FastifyRequest): void {
  const coding = request.headers['content-encoding'];
  if (coding === undefined || coding.trim().toLowerCase() === 'identity' || !hasBody(request)) return;
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
    parameters: { expected: 'application/json' },
    detail: 'Content-Encoding is not supported: send the body uncompressed.',
  });
}
