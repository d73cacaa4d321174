import { checkExpectations } from './check-expectations.ts';

/** What one program expects of another: data, so that it can be kept as JSON and given to another repository. */
export interface Expectations {
  /** Who relies on this. Every failure names it. */
  readonly consumer: string;
  /** Who has to answer so. */
  readonly provider: string;
  /** At least one. */
  readonly expectations: readonly Expectation[];
}

/** One request, and the part of its answer that the consumer relies on. */
export interface Expectation {
  /** What is expected, in words: "a user that exists". No two have the same name. */
  readonly name: string;
  /** What must be true at the provider, in words that its test knows: "user 1 exists". Default: nothing. */
  readonly given?: string;
  /**
   * Values for `{name}` in the path, in headers and in texts of bodies. The provider's test may replace them, for example
   * with an id that its database has assigned. Default: none.
   */
  readonly values?: Values;
  readonly request: ExpectedRequest;
  readonly answer: ExpectedAnswer;
}

/** Values by their names. */
export type Values = Readonly<Record<string, string | number>>;

/** What the consumer sends. */
export interface ExpectedRequest {
  /** Default GET. */
  readonly method?: string;
  /** With the query, if there is one. The order of its parameters does not matter. */
  readonly path: string;
  /** Fields that must be sent like this; others may be there too. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, and compared as a whole. Default: no body. */
  readonly body?: unknown;
}

/** What the consumer relies on. The provider may send more fields than are named here. */
export interface ExpectedAnswer {
  readonly status: number;
  /** Fields that must be there with these values; `*` stands for any value. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The `code` of the problem document (RFC 9457) that is expected. Default: any answer, or none. */
  readonly error?: string;
  /**
   * An example. Each of its fields must be in the answer with a value of the same type. If it has a list with something in
   * it, the answer's list must not be empty, and each element must be like one of the example's. Default: not looked at.
   */
  readonly body?: unknown;
  /** JSON pointers into `body` to what must be just as in the example, such as `/status` or `/orders/0/id`. Default: none. */
  readonly exactly?: readonly string[];
  /** JSON pointers into `body` to fields that may be missing or null. Default: none. */
  readonly optional?: readonly string[];
  /** Regular expressions for texts, by their JSON pointers into `body`. Default: none. */
  readonly matching?: Readonly<Record<string, string>>;
}

/**
 * Checks expectations that are written in code:
 *
 * ```ts
 * export const expected = defineExpectations({
 *   consumer: 'cart',
 *   provider: 'stock',
 *   expectations: [
 *     {
 *       name: 'what is left of an item',
 *       given: 'there are 3 apples',
 *       request: { path: '/stock/apple' },
 *       answer: { status: 200, body: { left: 3 } },
 *     },
 *   ],
 * });
 * ```
 *
 * `JSON.stringify(expected)` is the file for another repository; `readExpectations` reads it.
 *
 * @throws TypeError that names everything that is wrong
 */
export function defineExpectations(expectations: Expectations): Expectations {
  const problems = checkExpectations(expectations);
  if (problems.length > 0) throw new TypeError(`These expectations are not valid:\n  ${problems.join('\n  ')}`);
  return expectations;
}
