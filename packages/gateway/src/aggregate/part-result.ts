import { AppError, type ErrorCode, errorTable, type FieldProblem, relayedFieldProblem } from '@flotilla/contracts';
import { failureOf } from '../attempt/failure.ts';
import type { Unavailable } from '../config/proxy-route.ts';
import type { CallResult } from '../engine/engine.ts';
import { headerValue } from '../headers/header-list.ts';
import type { PlannedPart } from '../routes/aggregate-plan.ts';

/** What one part came to: a piece of JSON, as text, or why there is none. */
export type PartResult =
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Judges the answer to one part. */
export function partResult(part: PlannedPart, result: CallResult, unavailable: Unavailable): PartResult {
  if (result.kind === 'failed') return { kind: 'failed', error: failureOf(result.outcome, unavailable) };
  if (result.status >= 200 && result.status < 300) return readJson(part, result.headers, result.body);
  return { kind: 'failed', error: errorOf(part, result) };
}

/**
 * The part's own problem when it is the client's doing (4xx) or the service's being away (503), else 502: what else
 * goes wrong between the gateway and its services is none of the client's business.
 */
function errorOf(part: PlannedPart, result: Extract<CallResult, { kind: 'response' }>): AppError {
  const mapped = part.errors.get(result.status);
  if (mapped !== undefined) return new AppError(mapped, { cause: `${part.service} answered ${result.status}` });
  const problem = readProblem(result.body);
  if (problem !== undefined && problem.status === result.status && (result.status < 500 || result.status === 503)) {
    const retryAfter = Number(headerValue(result.headers, 'retry-after'));
    return new AppError(problem.code, {
      fields: problem.fields,
      parameters: { service: part.service },
      ...(problem.detail === undefined ? {} : { detail: problem.detail }),
      ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfterMs: retryAfter * 1_000 } : {}),
    });
  }
  return badAnswer(part, `answered ${result.status}`);
}

/** Checks that the body is one JSON value in UTF-8, and keeps its text: numbers and names stay exactly as they came. */
function readJson(part: PlannedPart, headers: readonly string[], body: Buffer): PartResult {
  const type = headerValue(headers, 'content-type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    return { kind: 'failed', error: badAnswer(part, `answered with content type "${type}" instead of JSON`) };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    JSON.parse(text);
    return { kind: 'json', text };
  } catch (cause) {
    return { kind: 'failed', error: badAnswer(part, `answered with broken JSON: ${String(cause)}`) };
  }
}

interface KnownProblem {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly fields: readonly FieldProblem[];
}

/** The problem in a body, if it is one with a code of our table. */
function readProblem(body: Buffer): KnownProblem | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('code' in value) || !isCode(value.code)) return undefined;
  return {
    code: value.code,
    status: errorTable[value.code].status,
    detail: 'detail' in value && typeof value.detail === 'string' ? value.detail : undefined,
    fields: 'errors' in value && Array.isArray(value.errors) ? value.errors.flatMap(readField) : [],
  };
}

function isCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorTable, value);
}

/** The service was asked in the client's language, so its words can be handed on. */
function readField(value: unknown): FieldProblem[] {
  if (typeof value !== 'object' || value === null || !('field' in value) || !('message' in value)) return [];
  if (typeof value.field !== 'string' || typeof value.message !== 'string') return [];
  return [relayedFieldProblem(value.field, value.message, 'code' in value ? value.code : undefined)];
}

function badAnswer(part: PlannedPart, what: string): AppError {
  return new AppError('BAD_GATEWAY', {
    parameters: { service: part.service },
    cause: `part "${part.name}": ${part.service} ${what}`,
  });
}
