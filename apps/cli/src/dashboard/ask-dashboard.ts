import { readJson } from '@flotilla/contracts/json';
import { Failed } from '../running/answer.ts';
import type { FoundDashboard } from './find-dashboard.ts';

/** It answers from a database on the same machine; a person waits no longer than this. */
const limitMs = 10_000;

/**
 * Asks the dashboard for what its pages show; undefined: it has no such thing.
 *
 * @param path as `wire` of the dashboard describes it: `/api/traces/…`
 * @throws {Failed} with what to do
 */
export async function askDashboard({ url, token }: FoundDashboard, path: string): Promise<unknown> {
  const address = new URL(path, url);
  const where = `The dashboard at ${url.origin}`;
  let answer: Response;
  let body: Buffer;
  try {
    answer = await fetch(address, {
      headers: { accept: 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(limitMs),
      redirect: 'manual',
    });
    body = Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    throw new Failed(`${where} cannot be asked: ${reasonOf(error)}. See whether it runs: flotilla ps`, 'NO_DASHBOARD');
  }
  const read = readJson(body);
  if (answer.status === 401 || answer.status === 403)
    throw new Failed(`${where} wants a token. Set DASHBOARD_TOKEN to the one that it was started with.`, 'NO_TOKEN');
  if (!read.ok || !(answer.headers.get('content-type') ?? '').includes('json'))
    throw new Failed(`${url.origin} answers ${answer.status}, and not as a dashboard does. Check the address.`);
  if (answer.status === 200) return read.value;
  if (answer.status === 404) return undefined;
  const detail = detailOf(read.value);
  throw new Failed(`${where} answers ${answer.status}${detail === undefined ? '' : `: ${detail}`}`);
}

function detailOf(problem: unknown): string | undefined {
  if (typeof problem !== 'object' || problem === null) return undefined;
  const { detail, title } = problem as Readonly<Record<string, unknown>>; // Of an object any name can be asked for.
  return [detail, title].find((text) => typeof text === 'string');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${limitMs / 1000} s`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code === 'ECONNREFUSED' ? 'nothing listens there' : (code ?? error.message);
}
