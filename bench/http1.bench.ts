/**
 * What one head costs to read and to write, in nanoseconds: `node bench/http1.bench.ts`.
 *
 * The heads are those of wrk, curl and a browser, and an upstream's answer. Each figure is the best of several rounds, since
 * what disturbs a round only makes it longer.
 */
import {
  BodyDecoder,
  fieldLine,
  parsedFieldLine,
  parsedRequestLine,
  RequestHeadParser,
  ResponseHeadParser,
} from '@flotilla/http1';

const ROUNDS = 15;
const ROUND_SIZE = 50_000;

const lines = (...all: string[]): Buffer => Buffer.from(`${all.join('\r\n')}\r\n\r\n`, 'latin1');

const WRK = lines('GET /api/user/?id=1 HTTP/1.1', 'Host: 127.0.0.1:8080');
const CURL = lines('GET /users/1 HTTP/1.1', 'Host: 127.0.0.1:8080', 'User-Agent: curl/8.5.0', 'Accept: */*');
const BROWSER = lines(
  'GET /users/1?page=2&sort=name HTTP/1.1',
  'Host: shop.example:8080',
  'Connection: keep-alive',
  'Cache-Control: max-age=0',
  'sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"',
  'sec-ch-ua-mobile: ?0',
  'sec-ch-ua-platform: "Linux"',
  'Upgrade-Insecure-Requests: 1',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
  'Sec-Fetch-Site: none',
  'Sec-Fetch-Mode: navigate',
  'Sec-Fetch-User: ?1',
  'Sec-Fetch-Dest: document',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Accept-Language: en-GB,en;q=0.9,de;q=0.8',
  'Cookie: session=6f1c0f4e-7c1b-4b8e-9d55-0c8a2a1f3b77; theme=dark; consent=yes',
);
const ANSWER = lines(
  'HTTP/1.1 200 OK',
  'content-type: application/json; charset=utf-8',
  'content-length: 62',
  'Date: Mon, 01 Jun 2026 12:00:00 GMT',
  'Connection: keep-alive',
  'Keep-Alive: timeout=72',
);
const CHUNKED = Buffer.from(`400\r\n${'a'.repeat(1024)}\r\n`.repeat(16) + '0\r\n\r\n', 'latin1');

/** Keeps results alive, so that nothing measured can be left out. */
let sink = 0;

function measure(name: string, run: () => number): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < ROUND_SIZE; i++) sink += run();
    best = Math.min(best, Number(process.hrtime.bigint() - started) / ROUND_SIZE);
  }
  process.stdout.write(`${name.padEnd(52)} ${best.toFixed(0).padStart(7)} ns\n`);
}

const requests = new RequestHeadParser();
const readRequest = (bytes: Buffer) => (): number => {
  requests.reset();
  requests.push(bytes, 0, bytes.length);
  return requests.head?.fields.length ?? 0;
};
const responses = new ResponseHeadParser();
const body = new BodyDecoder('response');

measure(`read a request of wrk (${WRK.length} bytes)`, readRequest(WRK));
measure(`read a request of curl (${CURL.length} bytes)`, readRequest(CURL));
measure(`read a request of a browser (${BROWSER.length} bytes)`, readRequest(BROWSER));
measure(`read a response head (${ANSWER.length} bytes)`, () => {
  responses.expect('GET');
  responses.push(ANSWER, 0, ANSWER.length);
  return responses.head?.status ?? 0;
});
measure(`read a chunked body of 16 chunks (${CHUNKED.length} bytes)`, () => {
  body.start('chunked', -1);
  let event = body.read(CHUNKED, 0, CHUNKED.length);
  while (event === 'data') event = body.read(CHUNKED, body.position, CHUNKED.length);
  return body.receivedBytes;
});

/** What every version of Node has and the types of Buffer leave out. */
interface Latin1Writing {
  latin1Write(text: string, at: number): number;
}

const target = Buffer.allocUnsafe(16_384) as Buffer & Latin1Writing;
requests.reset();
requests.push(BROWSER, 0, BROWSER.length);
const fields = requests.head?.fields ?? [];

function text(line: (name: string, value: string) => string): string {
  let head = parsedRequestLine('GET', '/users/1?page=2&sort=name');
  for (let i = 0; i < fields.length; i += 2) head += line(fields[i] ?? '', fields[i + 1] ?? '');
  return `${head}\r\n`;
}
const joined = (line: (name: string, value: string) => string) => (): number => target.latin1Write(text(line), 0);

function piecewise(): number {
  let at = target.latin1Write('GET /users/1?page=2&sort=name HTTP/1.1\r\n', 0);
  for (let i = 0; i < fields.length; i += 2) {
    at += target.latin1Write(fields[i] ?? '', at);
    target[at++] = 0x3a;
    target[at++] = 0x20;
    at += target.latin1Write(fields[i + 1] ?? '', at);
    target[at++] = 0x0d;
    target[at++] = 0x0a;
  }
  return at;
}

measure('write the head of a browser: one string, trusted', joined(parsedFieldLine));
measure('write the head of a browser: one string, checked', joined(fieldLine));
measure('write the head of a browser: piece by piece', piecewise);
if (sink === 0) throw new Error('Nothing was measured.');
