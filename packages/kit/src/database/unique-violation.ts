/**
 * A row was refused because another one has the same value in a unique column. Every kind of database throws this error,
 * with the driver's own error as the cause.
 */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation';

  constructor(cause: unknown) {
    super('Another row already has this value, which must be unique', { cause });
  }
}
