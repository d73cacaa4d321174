import type { KnownError, Translated } from '@flotilla/contracts';
import type { z } from 'zod';
import type { Parameters } from './parameter.ts';

/** A text in every language, or one for all. */
export type ApiText = string | Translated;

/** The methods that operations have. */
export type OperationMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The answer of an operation that succeeds: one status, and the schema of its body; null where there is no body. */
export type Answers =
  | { readonly 200: z.ZodType }
  | { readonly 201: z.ZodType }
  | { readonly 202: z.ZodType | null }
  | { readonly 204: null };

/** An operation as a contract describes it. */
export interface OperationData {
  readonly method: OperationMethod;
  /** With parameters in braces: `/users/{id}`. */
  readonly path: string;
  /** What it does, in a few words that begin with a verb: "Find a user". */
  readonly summary: ApiText;
  /** What else callers should know. Default: nothing. */
  readonly description?: ApiText;
  /** The parameters of the path. Default: none. */
  readonly params?: Parameters;
  /** The parameters of the query. Others are refused, so that a misspelt one is noticed. Default: none. */
  readonly query?: Parameters;
  /** The JSON body. Default: none. */
  readonly body?: z.ZodType;
  readonly answers: Answers;
  /** The errors that callers should expect, besides those that every operation may answer with. Default: none. */
  readonly errors?: readonly KnownError[];
  /**
   * It answers with one page of a list, and `Link` leads to the next one. Its query has `limit` and `cursor`
   * (`pageQueryShape`), and its handler returns a `Page`. Default false.
   */
  readonly paged?: boolean;
  /** It heeds `If-Match` and `If-None-Match`: it changes a record only if that is as the caller has read it. Default false. */
  readonly conditional?: boolean;
  /** It heeds `Idempotency-Key`: sent again with the same key, it does nothing and answers as before. Default false. */
  readonly idempotent?: boolean;
  /** The path of what it has made, for `Location`. Default: the header is not sent. */
  readonly location?: (answer: never) => string;
}

/** What goes in and out of an operation, as types. */
export interface OperationTypes {
  /** The parameters of the path, as the handler gets them. */
  readonly params?: object;
  /** The parameters of the query, as the handler gets them. */
  readonly query?: object;
  /** The body, as the handler gets it. */
  readonly body?: unknown;
  /** The body, as callers send it. Default: as the handler gets it. */
  readonly sends?: unknown;
  /** The body of the answer: of a paged operation, all rows of a page. */
  readonly answer?: unknown;
  /** Whether it is paged. */
  readonly paged?: boolean;
}

/** An operation of an API, with its name. What is not given in its {@link OperationData} is filled in. */
export interface Operation<T extends OperationTypes = OperationTypes> {
  /** Its name: unique in its API, and in all that a program serves. */
  readonly id: string;
  readonly method: OperationMethod;
  readonly path: string;
  readonly summary: Translated;
  readonly description: Translated | undefined;
  readonly params: Parameters;
  readonly query: Parameters;
  readonly body: z.ZodType | undefined;
  /** The status of its success. */
  readonly status: 200 | 201 | 202 | 204;
  /** The schema of its answer; undefined if that has no body. */
  readonly answer: z.ZodType | undefined;
  readonly errors: readonly KnownError[];
  readonly paged: boolean;
  readonly conditional: boolean;
  readonly idempotent: boolean;
  readonly location: ((answer: never) => string) | undefined;
  /** Under which heading documents list it. */
  readonly tag: Translated;
  /** Only for the compiler: there is no such value. */
  readonly types?: T;
}

/** One of the types of an operation, or what stands for it where it is not given. */
export type TypeOf<T extends OperationTypes, Name extends keyof OperationTypes, Otherwise> = T extends {
  readonly [Key in Name]: infer Given;
}
  ? Given
  : Otherwise;

/** One row of a paged answer. */
export type RowOf<Answer> = Answer extends readonly (infer Row)[] ? Row : never;
