import { AppError } from '@flotilla/contracts';
import type { Dialect, ErrorAnswer } from '@flotilla/kit/http';

/**
 * How Consul's API speaks HTTP: bodies of any type, or of none, are taken as bytes, which each route reads as it needs; queries may
 * name what they like; errors are texts. Credentials that mean nothing here (Prometheus sends `Basic Og==`) are passed over.
 */
export const consulDialect: Dialect = {
  bodies: [{ type: '*', read: (body) => body }],
  refuse() {},
  answer: (error, _context, request) => answerOf(error, request),
};

function answerOf(error: AppError, { method, url }: { readonly method: string; readonly url: string }): ErrorAnswer {
  const { status } = error;
  const headers: Record<string, string> = { 'content-type': 'text/plain; charset=utf-8', vary: 'Accept-Encoding' };
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1_000));
  if (error.code === 'ROUTE_NOT_FOUND') return { status, headers: {}, body: '' };
  if (error.code === 'METHOD_NOT_ALLOWED') {
    // Where the id of a service is read stand also the names of what is written.
    const isWritten = writtenPath.test(url);
    const others = error.allow.filter((allowed) => !['OPTIONS', 'HEAD', isWritten ? 'GET' : ''].includes(allowed));
    headers['allow'] = ['OPTIONS', ...others].join(',');
    return { status, headers, body: `method ${method} not allowed` };
  }
  const fields = error.fields.map(({ field, code }) => `${field}: ${code}`).join(', ');
  const more = error.detail ?? (fields === '' ? undefined : fields);
  return { status, headers, body: more === undefined ? error.message : `${error.message}: ${more}` };
}

const writtenPath = /^\/v1\/agent\/service\/(?:register(?:$|\?)|deregister\/|maintenance\/)/;

/** @throws {AppError} METHOD_NOT_ALLOWED if what is read as the id of a service is the name of a write */
export function refuseWritten({ method, url }: { readonly method: string; readonly url: string }): void {
  if (!writtenPath.test(url)) return;
  throw new AppError('METHOD_NOT_ALLOWED', {
    parameters: { methods: 'PUT' },
    allow: ['PUT', 'OPTIONS'],
    detail: method,
  });
}
