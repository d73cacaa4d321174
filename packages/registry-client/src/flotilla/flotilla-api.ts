import {
  AppError,
  headerNames,
  isAppError,
  isCoreErrorCode,
  kindOf,
  problemTypeOf,
  type ReceivedProblem,
  readProblem,
  relayedError,
  serviceInstanceSchema,
} from '@flotilla/contracts';
import type { WholeAnswer } from '@flotilla/contracts/http-client';
import { z } from 'zod';
import { askRegistry, jsonIn, type RegistryHttp } from '../http/registry-http.ts';
import type { RegistrationApi } from '../registration/registration-api.ts';

const registeredSchema = z.object({ instance: serviceInstanceSchema });
const renewedSchema = z.object({ lease_ms: z.int() });

/** Registering with Flotilla's own registry, over its HTTP API. */
export function flotillaRegistrationApi(parts: RegistryHttp): RegistrationApi {
  return {
    async register(registration, token, signal) {
      const { value, history } = await call(parts, {
        method: 'POST',
        path: 'register',
        schema: registeredSchema,
        token,
        body: registration,
        signal,
      });
      const { name, id, lease_ms: leaseMs } = value.instance;
      return { name, id, token, leaseMs, history };
    },
    async renew(lease, signal) {
      const path = `${instancePath(lease.name, lease.id)}/lease`;
      const { token } = lease;
      const { value, history } = await call(parts, { method: 'PUT', path, schema: renewedSchema, token, signal });
      return { ...lease, leaseMs: value.lease_ms, history };
    },
    async report({ name, id, token }, status, signal) {
      const path = `${instancePath(name, id)}/status`;
      await call(parts, { method: 'PUT', path, schema: z.unknown(), token, body: { status }, signal });
    },
    async deregister({ name, id, token }, signal) {
      try {
        await call(parts, { method: 'DELETE', path: instancePath(name, id), schema: z.undefined(), token, signal });
      } catch (error) {
        if (!isNotThere(error)) throw error;
      }
    },
    async locate(name, id, signal) {
      try {
        return (
          await call(parts, { method: 'GET', path: instancePath(name, id), schema: serviceInstanceSchema, signal })
        ).value;
      } catch (error) {
        if (isNotThere(error)) return undefined;
        throw error;
      }
    },
    onConnectionLost: (listener) => parts.transport.onConnectionLost?.(listener) ?? (() => {}),
    close: () => parts.transport.close(),
  };
}

function isNotThere(error: unknown): boolean {
  return isAppError(error, 'INSTANCE_NOT_FOUND');
}

function instancePath(name: string, id: string): string {
  return `services/${encodeURIComponent(name)}/instances/${encodeURIComponent(id)}`;
}

interface Call<T> {
  readonly method: string;
  readonly path: string;
  /** What a good answer holds. */
  readonly schema: z.ZodType<T>;
  readonly signal: AbortSignal;
  readonly token?: string;
  readonly body?: unknown;
}

/** What a good answer said, and the history of the registry that said it. */
interface Answered<T> {
  readonly value: T;
  readonly history: string | undefined;
}

function call<T>(http: RegistryHttp, { method, path, schema, signal, token, body }: Call<T>): Promise<Answered<T>> {
  return http.addresses.tryInTurn(signal, async (base) => {
    const answer = await askRegistry(http, {
      method,
      url: new URL(path, base),
      headers: {
        // What it refuses ends in our log, which is in English.
        'accept-language': 'en',
        ...(token === undefined ? {} : { [headerNames.registrationToken]: token }),
      },
      body,
      signal,
    });
    const { status, body: bytes } = answer;
    if (status < 200 || status >= 300) throw refusal(status, bytes);
    return { value: schema.parse(bytes.length === 0 ? undefined : jsonIn(bytes)), history: historyOf(answer) };
  });
}

/** The history that an answer of the registry belongs to; undefined if it does not say. */
function historyOf({ headers }: Pick<WholeAnswer, 'headers'>): string | undefined {
  const value = headers[headerNames.registryHistory];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * What an answer that is no success means. A problem of the registry keeps its code and its words, also one that this
 * release does not know, unless the same request may succeed later: that, a 5xx, and an answer that does not look like
 * our registry's mean that it could not be asked.
 */
export function refusal(status: number, body: Uint8Array): AppError {
  const problem = problemIn(body);
  const said = problem === undefined ? undefined : relayedError(problem, status, kindOf('INVALID_REQUEST'));
  if (said !== undefined && status < 500 && !said.retryable) return said;
  const advice = problem === undefined && status < 500 ? '; is this the address of a Flotilla registry?' : '';
  const answered = problem?.code === undefined ? String(status) : `${status} ${problem.code}`;
  return new AppError('REGISTRY_UNAVAILABLE', { detail: `it answered ${answered}${advice}` });
}

/** The problem, if it is of a registry of ours: a code that this release does not know has a type that names it. */
function problemIn(body: Uint8Array): ReceivedProblem | undefined {
  try {
    const problem = readProblem(jsonIn(body));
    if (problem?.code === undefined || problem.code === 'ROUTE_NOT_FOUND') return undefined;
    return isCoreErrorCode(problem.code) || problem.type === problemTypeOf(problem.code) ? problem : undefined;
  } catch {
    // Not JSON: then it does not come from a registry of ours.
    return undefined;
  }
}
