import { readJson } from '@flotilla/contracts/json';

/** The answer of the registry. */
export type RegistryAnswer =
  | { readonly ok: true; readonly value: unknown; readonly date: number; readonly tookMs: number }
  | { readonly ok: false; readonly reason: string };

/** A registry answers in milliseconds; a person waits no longer than this. */
const limitMs = 5_000;

/** Asks the registry for `path`. */
export async function askRegistry(registry: URL, path: string): Promise<RegistryAnswer> {
  const beganMs = performance.now();
  try {
    const response = await fetch(new URL(path, registry), { signal: AbortSignal.timeout(limitMs), redirect: 'manual' });
    const tookMs = performance.now() - beganMs;
    const read = readJson(Buffer.from(await response.arrayBuffer()));
    if (!response.ok) return { ok: false, reason: `it answered ${response.status}` };
    if (!read.ok) return { ok: false, reason: 'its answer is not JSON, so it is not a Flotilla registry' };
    return { ok: true, value: read.value, date: Date.parse(response.headers.get('date') ?? ''), tookMs };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

/** Why the registry could not be asked, in a few words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${limitMs / 1000} s`;
  const cause = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code === 'ECONNREFUSED' ? 'nothing listens there' : (code ?? error.message);
}
