export { type ProblemAnswer, prefersPlainText, problemAnswer } from '../problem/index.ts';
export { readPrecondition, type SendHook, tagAnswer } from './conditional.ts';
export type { BodyReader, Dialect, DialectScope, Dialects, ErrorAnswer } from './dialect.ts';
export { createHttpApp, type HttpAppOptions } from './http-app.ts';
export type { HttpApp } from './http-app-type.ts';
export { prepareDrain } from './prepare-drain.ts';
export { createHttpGuard, type HttpGuard } from './refuse-foreign.ts';
export { type RequestContext, requestContext } from './request-context.ts';
export type { ZodTypeProvider } from './zod-type-provider.ts';
