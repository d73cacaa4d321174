import { AppError, type BrokenRule } from '@flotilla/contracts';
import { asSentence } from '@flotilla/contracts/sentence';
import { fieldNameId, requestHead } from '@flotilla/http1';
import { z } from 'zod';
import type { RequestHead } from '../headers/request-head.ts';

/** So much is asked at most, as of a request's head. */
const longest = 16_384;

const schema = z.strictObject({
  method: z.string().max(32).default('GET'),
  target: z.string().max(longest),
  headers: z.record(z.string().max(256), z.string().max(longest)).default({}),
});

/**
 * The request that somebody wants explained, as if it came from this machine.
 *
 * @param body with `method` (default `GET`), `target` and `headers` (default none)
 * @throws AppError INVALID_REQUEST that says what is wrong with it
 */
export function readQuestion(body: unknown): RequestHead {
  const read = schema.safeParse(body);
  if (!read.success) {
    const fields = read.error.issues.map(({ path }) => invalid(path.join('.') || '(body)'));
    throw new AppError('INVALID_REQUEST', {
      fields,
      detail: 'Send JSON such as {"method": "GET", "target": "/users/1", "headers": {"accept": "application/json"}}.',
    });
  }
  const { method, target, headers: given } = read.data;
  const headers = Object.entries(given).flat();
  try {
    requestHead(method, target, headers);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('INVALID_REQUEST', { detail: `That is no request that could be sent: ${asSentence(why)}` });
  }
  const valueOf = (lowerName: string): string =>
    Object.entries(given).find(([name]) => name.toLowerCase() === lowerName)?.[1] ?? '';
  const connection = valueOf('connection').toLowerCase().split(',');
  return {
    method,
    target,
    host: valueOf('host') || 'localhost',
    scheme: 'http',
    httpVersion: '1.1',
    headers,
    fieldIds: Object.keys(given).map((name) => fieldNameId(name)),
    connection: connection.map((option) => option.trim()).filter((option) => option !== ''),
    remoteAddress: '127.0.0.1',
  };
}

function invalid(field: string): { readonly field: string } & BrokenRule {
  return { field, code: 'NOT_VALID' };
}
