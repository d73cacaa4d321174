import { ConfigurationError } from '../config/index.ts';

/** A database can't be put to use at the start of a program: its address, its file or its migrations. */
export class DatabaseSetupError extends ConfigurationError {
  override readonly name = 'DatabaseSetupError';
}
