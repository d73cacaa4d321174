/**
 * The program cannot start because of its configuration, beyond a single setting: a file is missing or invalid, say.
 * If it is thrown while a program is built, its message is printed as it is and the program exits with 78. So the
 * message is complete: it says what is wrong, where, and what to do.
 */
export class ConfigurationError extends Error {
  override readonly name: string = 'ConfigurationError';
}
