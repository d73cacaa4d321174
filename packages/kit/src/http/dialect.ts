import type { AppError, ProblemContext } from '@flotilla/contracts';
import type { FastifyRequest } from 'fastify';
import type { HttpApp } from './http-app-type.ts';

/** An error, ready to be sent. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How to read bodies of one media type. */
export interface BodyReader {
  /** `application/json`, without parameters. */
  readonly type: string;
  /** Returns the `request.body` of the handler, before it is validated. Throws an AppError if it cannot be read. */
  read(body: Buffer, request: FastifyRequest): unknown;
}

/**
 * A way to speak HTTP: what is accepted, how strictly, and what an error looks like. All dialects share the protection against
 * ambiguous messages, ids, logs, metrics and the guard.
 */
export interface Dialect {
  /** The accepted bodies. Other types are refused with UNSUPPORTED_MEDIA_TYPE. */
  readonly bodies: readonly BodyReader[];
  /** Throws an AppError if this dialect refuses a request by its head. */
  refuse(request: FastifyRequest): void;
  /** Renders an error for the caller: one from a handler, or an earlier one, such as ROUTE_NOT_FOUND or METHOD_NOT_ALLOWED. */
  answer(error: AppError, context: ProblemContext, request: FastifyRequest): ErrorAnswer;
}

/** A place where another dialect is spoken. */
export interface DialectScope {
  /** The prefix of its paths: `/v1`. */
  readonly prefix: string;
  readonly dialect: Dialect;
}

/** The dialects of one app, by path. */
export interface Dialects {
  /**
   * Opens a scope for another dialect. `addRoutes` gets an app whose paths are below the prefix; it runs when the app becomes
   * ready, which fails if it throws.
   */
  add(scope: DialectScope, addRoutes: (app: HttpApp) => Promise<void> | void): void;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly dialects: Dialects;
  }
}
