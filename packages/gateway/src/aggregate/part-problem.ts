import { type ErrorCode, errorTable, type FieldProblem, relayedFieldProblem } from '@flotilla/contracts';
import { readJson } from '@flotilla/kit/json';

/** A problem is a few sentences. What is larger, or nested deeper, is none and is not worth the memory. */
const maxProblemBytes = 65_536;
const maxProblemDepth = 16;
const maxDetailLength = 1_000;
const maxFields = 100;

/** What a service says of a request it refused. */
export interface PartProblem {
  /** If it is one of our table's. */
  readonly code: ErrorCode | undefined;
  readonly detail: string | undefined;
  readonly fields: readonly FieldProblem[];
}

/** The problem in a body (RFC 9457, ours or anybody's); undefined if it is something else. */
export function readPartProblem(body: Buffer): PartProblem | undefined {
  if (body.length > maxProblemBytes) return undefined;
  const read = readJson(body, maxProblemDepth);
  if (!read.ok) return undefined;
  const { value } = read;
  if (typeof value !== 'object' || value === null) return undefined;
  return {
    code: 'code' in value && isCode(value.code) ? value.code : undefined,
    detail: 'detail' in value && typeof value.detail === 'string' ? value.detail.slice(0, maxDetailLength) : undefined,
    fields: 'errors' in value && Array.isArray(value.errors) ? value.errors.slice(0, maxFields).flatMap(readField) : [],
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
