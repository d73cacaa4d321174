import { ConfigurationError } from '../config/index.ts';

/** A program cannot start with its database, because of its URL, its file or its migrations. */
export class DatabaseSetupError extends ConfigurationError {
  override readonly name = 'DatabaseSetupError';
}
