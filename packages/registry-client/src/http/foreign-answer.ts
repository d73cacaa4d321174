import { AppError } from '@flotilla/contracts';
import type { WholeAnswer } from '@flotilla/contracts/http-client';
import { asSentence } from '@flotilla/contracts/sentence';
import { jsonIn } from './registry-http.ts';

/** What a registry that is not ours means by an answer that is no success. `product` is its name. */
export function foreignRefusal(product: string, { status, body }: WholeAnswer): AppError {
  const said = firstLine(body);
  const detail = `${product} answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 401 || status === 403)
    return new AppError('FORBIDDEN', {
      detail: `${asSentence(detail)} Set REGISTRY_TOKEN to a token that may do this`,
    });
  if (status === 400 || status === 413) return new AppError('INVALID_REQUEST', { detail });
  const advice = status < 500 ? `; is this the address of a ${product} server?` : '';
  return new AppError('REGISTRY_UNAVAILABLE', { detail: `${detail}${advice}` });
}

/** The text of an error: plain, or the `error` of Spring's JSON. */
function firstLine(body: Buffer): string {
  const text = body.subarray(0, 2_000).toString('utf8').trim();
  if (text.startsWith('<')) return '';
  if (text.startsWith('{')) return springError(body);
  return (text.split('\n', 1)[0] ?? '').slice(0, 200);
}

function springError(body: Buffer): string {
  try {
    const value = jsonIn(body);
    const said = typeof value === 'object' && value !== null && 'error' in value ? value.error : '';
    return typeof said === 'string' ? said.slice(0, 200) : '';
  } catch {
    // Not JSON: nothing that helps.
    return '';
  }
}
