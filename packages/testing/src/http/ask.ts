/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as text; empty if there is none. */
  readonly text: string;
  /** The body as JSON; undefined if it is not JSON. */
  readonly body: { readonly [name: string]: unknown } | undefined;
  /** The fields that a problem names in `errors`. */
  readonly fields: readonly string[];
}

/** Asks a server: method, target, body (text and bytes go out as they are, anything else as JSON), more headers. */
export type Ask = (
  method: string,
  target: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** Creates what asks the server at `url`. */
export function asker(url: string): Ask {
  return async (method, target, body, headers = {}) => {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(url + target, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      // A copy, since fetch takes no bytes that may be shared between threads.
      ...(body === undefined
        ? {}
        : { body: raw ? (typeof body === 'string' ? body : Uint8Array.from(body)) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const read = parsed(text);
    return { status: response.status, headers: response.headers, text, body: read, fields: fieldsOf(read) };
  };
}

function parsed(text: string): Answer['body'] {
  try {
    return JSON.parse(text) as Answer['body']; // Tests know which shape they expect.
  } catch {
    return undefined;
  }
}

function fieldsOf(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) return [];
  return body.errors.map((problem: { readonly field?: unknown }) => String(problem.field));
}
