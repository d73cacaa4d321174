/**
 * A row was refused because another one has the same value where values must be unique. Every kind of database throws
 * this one; what its own driver threw is the cause.
 */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation';

  constructor(cause: unknown) {
    super('Another row has the same value where values must be unique', { cause });
  }
}
