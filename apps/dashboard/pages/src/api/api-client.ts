import type { Language } from '../i18n/language.ts';
import { TroubleError } from './trouble.ts';

/** Asks the dashboard's HTTP API. Rejects with {@link TroubleError} alone, an aborted request excepted. */
export interface ApiClient {
  /** Reads JSON. */
  read<T>(path: string, signal?: AbortSignal): Promise<T>;
  /** Asks for a change, with JSON unless `body` is undefined; gives what is answered, undefined without a body. */
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** Puts a text as it is. */
  sendText<T>(method: 'POST' | 'PUT', path: string, text: string): Promise<T>;
}

/** The parts of a problem document that people read. */
interface Problem {
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly errors?: readonly { readonly pointer?: unknown; readonly detail?: unknown }[];
}

/**
 * A client of the API on this page's own address. `language`: in which problems are described. `loggedOut` is called when the
 * dashboard asks for its token again.
 */
export function createApiClient(language: () => Language, loggedOut: () => void): ApiClient {
  const ask = async <T>(path: string, init: RequestInit): Promise<T> => {
    const headers = new Headers(init.headers);
    headers.set('Accept', 'application/json, application/problem+json');
    headers.set('Accept-Language', language());
    let response: Response;
    let text: string;
    try {
      response = await fetch(path, { ...init, headers });
      text = await response.text();
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      throw new TroubleError({ kind: 'unreachable' });
    }
    if (response.status === 401) loggedOut();
    if (response.ok) return parsed(text) as T;
    throw new TroubleError({ kind: 'refused', status: response.status, ...problemOf(text, response) });
  };
  return {
    read: (path, signal) => ask(path, signal === undefined ? {} : { signal }),
    send: (method, path, body) => {
      if (body === undefined) return ask(path, { method });
      return ask(path, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
    },
    sendText: (method, path, text) =>
      ask(path, { method, body: text, headers: { 'Content-Type': 'text/plain; charset=utf-8' } }),
  };
}

/** Undefined if it is no JSON: a proxy's page, or nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(text: string, response: Response): { readonly code?: string; readonly message: string } {
  const problem: Problem = (parsed(text) as Problem | null | undefined) ?? {};
  const first = problem.errors?.[0];
  const where = typeof first?.pointer === 'string' && first.pointer !== '' ? `${first.pointer}: ` : '';
  const message = [
    typeof first?.detail === 'string' ? where + first.detail : undefined,
    problem.detail,
    problem.title,
    `${response.status} ${response.statusText}`,
  ].find((each): each is string => typeof each === 'string' && each !== '');
  return { message: message ?? '', ...(typeof problem.code === 'string' ? { code: problem.code } : {}) };
}
