import type { AppError, ProblemContext } from '@flotilla/contracts';
import type { FastifyRequest } from 'fastify';
import type { HttpApp } from './http-app-type.ts';

/** An error, ready to be sent. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How bodies of one media type are read. */
export interface BodyReader {
  /** `application/json`, without parameters. */
  readonly type: string;
  /** Gives what the handler sees as `request.body`, before it is checked. Throws an AppError for what can't be read. */
  read(body: Buffer, request: FastifyRequest): unknown;
}

/**
 * A way to speak HTTP: what is read, how strictly, and what an error looks like. What keeps a message from being read in two
 * ways holds in all of them, and so do ids, logs, metrics and the guard.
 */
export interface Dialect {
  /** Bodies of other types are refused with UNSUPPORTED_MEDIA_TYPE. */
  readonly bodies: readonly BodyReader[];
  /** Throws an AppError for what this dialect refuses from the head alone. */
  refuse(request: FastifyRequest): void;
  /** Tells the caller of an error: one of a handler, or one found before, ROUTE_NOT_FOUND and METHOD_NOT_ALLOWED included. */
  answer(error: AppError, context: ProblemContext, request: FastifyRequest): ErrorAnswer;
}

/** Where another dialect than ours is spoken. */
export interface DialectScope {
  /** Every path that begins so: `/v1`. */
  readonly prefix: string;
  readonly dialect: Dialect;
}

/** The dialects of one app, by their paths. */
export interface Dialects {
  /**
   * Opens a scope for another dialect. `addRoutes` gets an app whose paths are below the prefix; it runs when the app
   * becomes ready, and what it throws makes that fail.
   */
  add(scope: DialectScope, addRoutes: (app: HttpApp) => Promise<void> | void): void;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly dialects: Dialects;
  }
}
