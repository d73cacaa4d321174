const codes: ReadonlySet<unknown> = new Set([
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAFNOSUPPORT',
  // An address that needs a network interface with it.
  'EINVAL',
]);

/**
 * Whether listening failed because of the host: this machine does not have the address, or the name is unknown. The port is
 * not the reason.
 *
 * @param code the code of the error
 */
export function isWrongHost(code: unknown): boolean {
  return codes.has(code);
}
