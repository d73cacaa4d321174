import { ConfigurationError } from '../config/index.ts';

/**
 * A database can't be put to use at the start of a program: its address, its file or its migrations. The message is
 * whole: it names the file and says what to do, so it can be shown to a person without anything added.
 */
export class DatabaseSetupError extends ConfigurationError {
  override readonly name = 'DatabaseSetupError';
  // No `code`: it is met at start only, by the person who starts the program, and never goes over the wire.
}
