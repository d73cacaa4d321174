/** Something the person at the keyboard can repair; its message says how. Shown without a stack. */
export class BootstrapFailure extends Error {
  name = 'BootstrapFailure';
}
