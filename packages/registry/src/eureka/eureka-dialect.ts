import { AppError } from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import type { BodyReader, Dialect } from '@flotilla/kit/http';
import { readXml } from './read-xml.ts';
import { xmlAsJson } from './xml-body.ts';

/** Deeper than anything that Eureka's clients send. */
const maxJsonDepth = 16;

/**
 * How Eureka's clients speak: JSON or XML, parameters of all kinds, and errors that are a status and a line of plain text. A body
 * is read as JSON has it, with the root element's name.
 */
export const eurekaDialect: Dialect = {
  bodies: [
    { type: 'application/json', read: readJsonBody },
    { type: 'application/xml', read: readXmlBody },
    { type: 'text/xml', read: readXmlBody },
  ],
  refuse({ headers }) {
    const coding = headers['content-encoding'];
    if (coding !== undefined && coding.toLowerCase() !== 'identity')
      throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
        parameters: { expected: 'application/json, application/xml' },
        detail: 'Content-Encoding is not supported: send the body uncompressed.',
      });
  },
  answer(error) {
    const allow = error.allow.length === 0 ? {} : { allow: error.allow.join(', ') };
    const retry =
      error.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(error.retryAfterMs / 1_000)) };
    return {
      status: error.status,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...allow, ...retry },
      body: error.detail ?? error.message,
    };
  },
};

function readJsonBody(...[body]: Parameters<BodyReader['read']>): unknown {
  if (body.length === 0) return undefined;
  const read = readJson(body, maxJsonDepth);
  if (read.ok) return read.value;
  throw new AppError('INVALID_JSON', { detail: `Cannot read the JSON: see byte ${read.at}. Correct the body.` });
}

function readXmlBody(...[body]: Parameters<BodyReader['read']>): unknown {
  if (body.length === 0) return undefined;
  const root = readXml(body);
  return { [root.name]: xmlAsJson(root) };
}
