const codes: ReadonlySet<unknown> = new Set([
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAFNOSUPPORT',
  // An address that is only good together with a network interface.
  'EINVAL',
]);

/**
 * Whether listening failed because of the host: this machine has no such address, or nobody knows the name. The port
 * has nothing to do with it.
 *
 * @param code of the error
 */
export function isWrongHost(code: unknown): boolean {
  return codes.has(code);
}
