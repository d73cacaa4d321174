/** Others hold up a migration: it may run later. The cause of a STORAGE_UNAVAILABLE, with what is waited for as its message. */
export class MigrationHeldUp extends Error {
  override readonly name = 'MigrationHeldUp';
}
