import type { Random } from './random.ts';
import {
  CONTENT_CHARACTERS,
  EXTENSIONS,
  FIELDS,
  HOSTS,
  INFORMATIONAL,
  METHODS,
  ODD_FIELDS,
  ODD_FRAMING,
  ODD_HOSTS,
  ODD_METHODS,
  ODD_STATUSES,
  ODD_TARGETS,
  ODD_VERSIONS,
  STATUSES,
  TARGET_CHARACTERS,
  TARGETS,
  TRAILERS,
  VERSIONS,
} from './vocabulary.ts';

// Messages that are mostly right; each part is odd once in a while, so that most messages have at most one odd part.
const ODD_PERCENT = 3;

/** What one exchange of the response fuzzer asks for. */
export interface Question {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly upgrade: boolean;
}

export function generateQuestion(random: Random): Question {
  return { method: random.pick(['GET', 'GET', 'GET', 'HEAD', 'POST']), upgrade: random.chance(10) };
}

/** One to three requests on one connection. */
export function generateRequests(random: Random): string {
  let bytes = '';
  const count = random.chance(70) ? 1 : 1 + random.below(3);
  for (let i = 0; i < count; i++) {
    const version = pick(random, VERSIONS, ODD_VERSIONS);
    const lines = fieldLines(random);
    const host = `Host: ${pick(random, HOSTS, ODD_HOSTS)}`;
    if (!random.chance(ODD_PERCENT)) lines.splice(random.below(lines.length + 1), 0, host);
    bytes += message(random, `${pick(random, METHODS, ODD_METHODS)} ${target(random)} ${version}`, lines);
  }
  return bytes;
}

/** A response with what may come before and after it. */
export function generateResponse(random: Random): string {
  let bytes = '';
  while (random.chance(12)) bytes += `HTTP/1.1 ${random.pick(INFORMATIONAL)}\r\n${lines(fieldLines(random))}\r\n`;
  const version = random.chance(10) ? 'HTTP/1.0' : pick(random, ['HTTP/1.1'], ODD_VERSIONS);
  bytes += message(random, `${version} ${pick(random, STATUSES, ODD_STATUSES)}`, fieldLines(random));
  return random.chance(5) ? `${bytes}\r\n` : bytes;
}

function pick(random: Random, right: readonly string[], odd: readonly string[]): string {
  return random.pick(random.chance(ODD_PERCENT) ? odd : right);
}

function target(random: Random): string {
  if (random.chance(90)) return pick(random, TARGETS, ODD_TARGETS);
  return `/${random.text(random.below(8), TARGET_CHARACTERS)}`;
}

function fieldLines(random: Random): string[] {
  return Array.from({ length: random.below(5) }, () => pick(random, FIELDS, ODD_FIELDS));
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\r\n`).join('');
}

/** Adds framing to the head and the body that it tells of, or something close to it. */
function message(random: Random, startLine: string, fields: string[]): string {
  const content = random.text(random.below(20), CONTENT_CHARACTERS);
  let body = '';
  const put = (line: string): void => {
    fields.splice(random.below(fields.length + 1), 0, line);
  };
  switch (random.below(8)) {
    case 0:
    case 1:
      break;
    case 2:
    case 3:
      put(`Content-Length: ${content.length}`);
      body = content;
      break;
    case 4:
    case 5:
    case 6:
      put('Transfer-Encoding: chunked');
      body = chunks(random, content);
      break;
    default:
      put(random.pick(ODD_FRAMING));
      if (random.chance(20)) put(random.pick(ODD_FRAMING));
      body = random.chance(50) ? 'hello' : chunks(random, 'hello');
  }
  return `${lines([startLine, ...fields])}\r\n${body}`;
}

function chunks(random: Random, content: string): string {
  let bytes = '';
  for (let at = 0; at < content.length; ) {
    const size = 1 + random.below(content.length - at);
    bytes += `${size.toString(16)}${extension(random)}\r\n${content.slice(at, at + size)}\r\n`;
    at += size;
  }
  bytes += `0${extension(random)}\r\n`;
  while (random.chance(12)) bytes += `${random.pick(TRAILERS)}\r\n`;
  return `${bytes}\r\n`;
}

function extension(random: Random): string {
  return random.chance(8) ? random.pick(EXTENSIONS) : '';
}
