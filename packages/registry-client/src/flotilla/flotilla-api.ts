import {
  AppError,
  type Clock,
  type ErrorCode,
  errorRow,
  errorTable,
  type FieldProblem,
  isAppError,
  relayedFieldProblem,
  serviceInstanceSchema,
} from '@flotilla/contracts';
import { z } from 'zod';
import type { Lease, RegistrationApi } from '../registration/registration-api.ts';
import { withDeadline } from '../transport/deadline.ts';
import type { Endpoints } from '../transport/endpoints.ts';
import type { HttpAnswer, Transport } from '../transport/transport.ts';

/** What the calls to a Flotilla registry share. */
export interface FlotillaApiParts {
  readonly endpoints: Endpoints;
  readonly transport: Transport;
  readonly clock: Clock;
  /** The longest one call may take, from sending to the last byte of the answer, in milliseconds. */
  readonly requestTimeoutMs: number;
}

/** The largest answer of a single call that is read: one instance with all its metadata is far below. */
const maxAnswerBytes = 1_048_576;

const registeredSchema = z.object({ instance: serviceInstanceSchema });
const renewedSchema = z.object({ lease_ms: z.int() });
const problemSchema = z.object({
  code: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), code: z.string().optional(), message: z.string() })).optional(),
});

/** Registering with Flotilla's own registry, over its HTTP API. */
export function flotillaRegistrationApi(parts: FlotillaApiParts): RegistrationApi {
  return {
    async register(registration, signal) {
      const body = JSON.stringify(registration);
      const { instance } = await call(parts, 'POST', 'register', registeredSchema, signal, body);
      return { name: instance.name, id: instance.id, leaseMs: instance.lease_ms };
    },
    async renew(lease: Lease, signal) {
      const path = `${instancePath(lease.name, lease.id)}/lease`;
      const { lease_ms: leaseMs } = await call(parts, 'PUT', path, renewedSchema, signal);
      return { ...lease, leaseMs };
    },
    async deregister(name, id, signal) {
      try {
        await call(parts, 'DELETE', instancePath(name, id), z.undefined(), signal);
      } catch (error) {
        if (!(isAppError(error) && error.code === 'INSTANCE_NOT_FOUND')) throw error;
      }
    },
    close: () => parts.transport.close(),
  };
}

function instancePath(name: string, id: string): string {
  return `services/${encodeURIComponent(name)}/instances/${encodeURIComponent(id)}`;
}

function call<T>(
  { endpoints, transport, clock, requestTimeoutMs }: FlotillaApiParts,
  method: string,
  path: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
  body?: string,
): Promise<T> {
  return endpoints.tryInTurn(signal, (base) =>
    withDeadline({ clock, timeoutMs: requestTimeoutMs, signal }, async (bounded) => {
      const answer = await transport.send({
        method,
        url: new URL(path, base),
        headers: { accept: 'application/json' },
        ...(body === undefined ? {} : { body }),
        signal: bounded,
      });
      const text = await readText(answer);
      if (answer.status >= 200 && answer.status < 300) return schema.parse(text === '' ? undefined : JSON.parse(text));
      throw refusal(answer.status, text);
    }),
  );
}

/** Reads a whole answer of a single call. Rejects when it is larger than any such answer should be. */
export async function readText(answer: HttpAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error(`the answer is larger than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * What an answer that is no success means. A problem of the registry keeps its code, unless the same request may
 * succeed later: that, a 5xx, and an answer that does not look like our registry's mean that it could not be asked.
 */
export function refusal(status: number, text: string): AppError {
  const problem = readProblem(text);
  if (problem !== undefined && status < 500 && !errorRow(problem.code).retryable)
    return new AppError(problem.code, {
      ...(problem.detail === undefined ? {} : { detail: problem.detail }),
      fields: problem.fields,
    });
  const advice = problem === undefined && status < 500 ? '; is this address really that of a Flotilla registry?' : '';
  const said = problem === undefined ? String(status) : `${status} ${problem.code}`;
  return new AppError('REGISTRY_UNAVAILABLE', { detail: `it answered ${said}${advice}` });
}

function readProblem(
  text: string,
): { code: ErrorCode; detail: string | undefined; fields: FieldProblem[] } | undefined {
  try {
    const { code, detail, errors } = problemSchema.parse(JSON.parse(text));
    const fields = (errors ?? []).map((problem) => relayedFieldProblem(problem.field, problem.message, problem.code));
    return isErrorCode(code) && code !== 'ROUTE_NOT_FOUND' ? { code, detail, fields } : undefined;
  } catch {
    // Not a problem document: then it does not come from a registry of ours.
    return undefined;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
