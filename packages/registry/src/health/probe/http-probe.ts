import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { type Exchange, exchange, type ProbeTarget } from './exchange.ts';
import { hiddenQuery } from './hidden-query.ts';
import { maxOutputBytes } from './output-text.ts';
import type { Probe } from './probe.ts';

/** What an HTTP check asks. */
export interface HttpQuestion {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string | undefined;
  readonly skipVerify: boolean;
}

/**
 * Asks by HTTP, on a connection of its own: 2xx passes, 429 is a warning, everything else is critical, as with Consul.
 * Redirects are not followed, for they lead to somebody else.
 */
export function httpProbe(question: HttpQuestion): Probe {
  const { url, skipVerify } = question;
  const isSecure = url.protocol === 'https:';
  const target: ProbeTarget = { ...placeOfUrl(url), tls: isSecure ? { skipVerify } : undefined };
  return (context) => exchange(target, context, (talk) => ask(question, talk));
}

/** The host, without the brackets of an IPv6 address, and the port that a URL leads to. */
export function placeOfUrl({ hostname, port, protocol }: URL): { readonly host: string; readonly port: number } {
  const byDefault = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? byDefault : Number(port) };
}

function ask({ url, method, headers, body }: HttpQuestion, talk: Exchange): void {
  const outgoing = request({
    method,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, ...credentials(url), ...sentHeaders(headers, body) },
    // It speaks HTTP/1.1 on a connection that is secured already, where it has to be.
    protocol: 'http:',
    // No agent: the connection is the probe's own.
    createConnection: () => talk.socket,
  });
  outgoing.on('error', talk.failed);
  // Not listened to, it would be told to nobody.
  outgoing.on('upgrade', () =>
    talk.done({ status: 'critical', output: 'It answers 101, and switches to another protocol' }),
  );
  outgoing.on('response', (answer) =>
    read(answer, `${method} ${hiddenQuery(`${url.origin}${url.pathname}${url.search}`)}`, talk),
  );
  outgoing.end(body);
}

/** A URL may name a user, who is shown to nobody. */
function credentials({ username, password }: URL): { readonly authorization?: string } {
  if (username === '' && password === '') return {};
  const plain = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The check's, but for those that say where the request ends: these are ours. */
function sentHeaders(headers: HttpQuestion['headers'], body: string | undefined): OutgoingHttpHeaders {
  const sent: OutgoingHttpHeaders = { 'user-agent': 'flotilla-check', accept: '*/*' };
  for (const [name, values] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    // Node joins or repeats them as the field asks for, but takes one host only.
    if (!ownHeaders.has(lower)) sent[lower] = lower === 'host' ? (values[0] ?? '') : [...values];
  }
  if (body !== undefined) sent['content-length'] = String(Buffer.byteLength(body));
  return { ...sent, connection: 'close' };
}

const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/**
 * Reads as much of the body as is kept. An answer that does not come to its end is none, whatever it began with: a process
 * that stops in the middle of one is not well.
 */
function read(answer: IncomingMessage, asked: string, talk: Exchange): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const began = `${asked}: ${answer.statusCode} ${answer.statusMessage}`;
  const whole = (): void => {
    const text = Buffer.concat(chunks).toString().trim();
    const output = `${began}${redirectNote(answer)}${text === '' ? '' : `\n${text}`}`;
    talk.done({ status: statusOf(answer.statusCode ?? 0), output });
  };
  talk.answering(began);
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxOutputBytes) whole();
  });
  answer.on('end', whole);
  answer.on('error', talk.failed);
}

function redirectNote({ statusCode = 0, headers }: IncomingMessage): string {
  if (statusCode < 300 || statusCode > 399 || headers.location === undefined) return '';
  return ` to ${hiddenQuery(headers.location)}; checks do not follow redirects`;
}

function statusOf(code: number): 'passing' | 'warning' | 'critical' {
  if (code >= 200 && code <= 299) return 'passing';
  return code === 429 ? 'warning' : 'critical';
}
