/**
 * The program can't start because of what it was given, beyond single settings: a file that is missing or wrong.
 * Thrown while a program is built, its message is shown as it is, and the program exits with 78. So the message is
 * whole: it says what is wrong, where, and what would be right.
 */
export class ConfigurationError extends Error {
  override readonly name: string = 'ConfigurationError';
}
