/** What a route answers. Without a body it is an empty one. */
export interface Answer {
  /** Default 200. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What to send as JSON; indented if the request asks for it (`?pretty`). */
  readonly json?: unknown;
  readonly text?: string | undefined;
  /** What to send as it is; its type is in `headers`. */
  readonly bytes?: Buffer | undefined;
}

/** An answer as bytes. */
export interface Rendered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Short texts as such: Node sends them in one piece with the head. */
  readonly body: Buffer | string;
}

const empty = Buffer.alloc(0);
/** The longest text that is sent as such, in characters. A longer one is kept as the bytes it is sent as. */
const maxTextLength = 16_384;

function bodyOf(text: string): Buffer | string {
  return text.length > maxTextLength ? Buffer.from(text) : text;
}

export function render(answer: Answer, pretty: boolean): Rendered {
  const { status = 200, headers = {}, json, text, bytes } = answer;
  const all = { vary: 'Accept-Encoding', ...headers };
  if (json !== undefined) {
    const body = bodyOf(JSON.stringify(json, undefined, pretty ? 4 : undefined));
    return { status, headers: { 'content-type': 'application/json', ...all }, body };
  }
  if (text !== undefined)
    return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...all }, body: Buffer.from(text) };
  return { status, headers: all, body: bytes ?? empty };
}
