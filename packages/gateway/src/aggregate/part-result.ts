import { AppError } from '@flotilla/contracts';
import { type JsonProblem, scanJson } from '@flotilla/contracts/json';
import { failureOf } from '../attempt/failure.ts';
import type { Unavailable } from '../config/proxy-route.ts';
import type { UpstreamCallResult } from '../engine/engine.ts';
import { headerValue } from '../headers/header-list.ts';
import type { PlannedPart } from '../routes/aggregate-plan.ts';
import { partRefusal } from './part-refusal.ts';

/** What one part came to: the bytes of one JSON value, or why there is none. */
export type PartResult =
  | { readonly kind: 'json'; readonly bytes: Buffer }
  | { readonly kind: 'failed'; readonly error: AppError };

/** As deep as a part's answer may be nested. Nothing is built of it here, but whoever reads the whole has to. */
const maxPartDepth = 512;

/** Judges the answer to one part. */
export function partResult(
  part: PlannedPart,
  result: UpstreamCallResult,
  unavailable: Unavailable,
  nowMs: number,
): PartResult {
  if (result.kind === 'failed') return { kind: 'failed', error: failureOf(result.outcome, unavailable) };
  if (result.status >= 200 && result.status < 300) return readJson(part, result.headers, result.body);
  return { kind: 'failed', error: partRefusal(part, result, unavailable, nowMs) };
}

/** JSON by its own types, and what servers call a text that nobody named a type for: the check that follows decides. */
const mayBeJson = /^\s*(?:(?:application|text)\/(?:[\w.-]+\+)?json|text\/plain)\s*(?:;|$)/i;

const whatIsWrong: Readonly<Record<JsonProblem, string>> = {
  'not-json': 'is not a single JSON value',
  'not-utf-8': 'is not UTF-8',
  'too-deep': `is nested deeper than ${maxPartDepth}`,
};

/** Checks that the body is one JSON value, and keeps its bytes: numbers and names stay exactly as they came. */
function readJson(part: PlannedPart, headers: readonly string[], body: Buffer): PartResult {
  const type = headerValue(headers, 'content-type');
  if (type !== undefined && !mayBeJson.test(type)) return badAnswer(part, `has the content type "${type}", not JSON`);
  const scan = scanJson(body, maxPartDepth);
  if (scan.kind === 'value') return { kind: 'json', bytes: body.subarray(scan.start) };
  const at = scan.at < 0 ? '' : ` (byte ${scan.at})`;
  return badAnswer(part, `${whatIsWrong[scan.problem]}${at}`);
}

function badAnswer(part: PlannedPart, what: string): PartResult {
  const error = new AppError('BAD_GATEWAY', {
    parameters: { service: part.service },
    cause: `part "${part.name}": the answer from ${part.service} ${what}`,
  });
  return { kind: 'failed', error };
}
