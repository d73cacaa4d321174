import { AppError } from '@flotilla/contracts';
import type { SetupFailure } from '../setup-failure.ts';
import { UniqueViolation } from '../unique-violation.ts';

/** What an error of a driver means. */
export type Verdict =
  /** A value of a unique column is taken. */
  | { readonly kind: 'unique' }
  /** A value cannot be stored: it is too long, out of range, or has a character that the server knows not. */
  | { readonly kind: 'value' }
  /**
   * Others hold what the statement needs, or have got in its way. Nothing was done, and a retry makes sense; `atOnce`: it will
   * probably work at once.
   */
  | { readonly kind: 'busy'; readonly atOnce?: boolean }
  /** The server could not do its work. `storage`: because it cannot write, to a full disk for example. */
  | { readonly kind: 'unavailable'; readonly failure?: SetupFailure; readonly storage?: true }
  /** The statement is wrong. */
  | { readonly kind: 'wrong' };

/**
 * An error of a driver, with as much of it as may be logged: drivers add rows, statements and values. `lost`: whether the
 * connection can be used no more.
 */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';
  /** The server's or the system's code: `23505`, `ECONNREFUSED`. */
  readonly code: string | undefined;
  readonly verdict: Verdict;
  readonly lost: boolean;

  constructor(
    message: string,
    { code, verdict, lost }: { readonly code?: string | undefined; readonly verdict: Verdict; readonly lost: boolean },
  ) {
    super(message);
    this.code = code;
    this.verdict = verdict;
    this.lost = lost;
  }
}

/** How long to ask a caller to wait: locks are held for milliseconds, and a server that is away is asked for twice a second. */
const retryAfterMs = 1_000;

/** The error that every kind of database throws for it. */
export function thrownFor(fault: DatabaseFault): Error {
  const { verdict } = fault;
  switch (verdict.kind) {
    case 'unique':
      return new UniqueViolation(fault);
    case 'value':
      return new AppError('INVALID_REQUEST', { cause: fault, detail: 'A value cannot be stored' });
    case 'busy':
    case 'unavailable':
      return new AppError('STORAGE_UNAVAILABLE', { cause: fault, retryAfterMs });
    case 'wrong':
      return fault;
    default:
      return verdict satisfies never;
  }
}

/** The fault that `error` is, or that caused it. */
export function faultOf(error: unknown): DatabaseFault | undefined {
  if (error instanceof DatabaseFault) return error;
  return error instanceof Error && error.cause !== undefined ? faultOf(error.cause) : undefined;
}

/** Why the database cannot be used, if that is what `error` says. */
export function failureOf(error: unknown): SetupFailure | undefined {
  const verdict = faultOf(error)?.verdict;
  return verdict?.kind === 'unavailable' ? verdict.failure : undefined;
}

/** Whether `error` only means that others keep the database busy. */
export function isBusyFault(error: unknown): boolean {
  return faultOf(error)?.verdict.kind === 'busy';
}

/** What happened, as a phrase for messages. */
export function describeFault(error: unknown): string {
  return faultOf(error)?.message ?? (error instanceof Error ? error.message : String(error));
}

/** The fault of a server that nobody hears from, or that nobody could connect to. */
export function awayFault(message: string, failure: SetupFailure = 'unreachable'): DatabaseFault {
  return new DatabaseFault(message, { verdict: { kind: 'unavailable', failure }, lost: true });
}

/** `error` as a fault; one that no driver knows says that the server is away. */
export function asFault(error: unknown): DatabaseFault {
  return faultOf(error) ?? awayFault(error instanceof Error ? error.message : String(error));
}

/** Whether the server is there, and takes no more connections. */
export function isUnready(error: unknown): boolean {
  const verdict = faultOf(error)?.verdict;
  return verdict?.kind === 'unavailable' && verdict.failure === 'unready';
}
