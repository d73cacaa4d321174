import { AppError, addressKind, type CheckDefinition } from '@flotilla/contracts';
import { refusalOf } from '../health/probe/target-guard.ts';

/** @throws {AppError} INVALID_REQUEST for an address that only its own machine or network knows, or that hands out credentials */
export function refuseLinkLocal(address: string, allowLinkLocal: boolean, field: string): void {
  const kind = addressKind(address);
  if (!allowLinkLocal && (kind === 'link-local' || kind === 'metadata'))
    throw new AppError('INVALID_REQUEST', { fields: [{ field, code: 'LINK_LOCAL_ADDRESS' }] });
}

/**
 * Refuses checks that lead to such an address: a client that may register could otherwise read in the output of a check what is
 * answered there.
 *
 * @param path of the definitions in the body; empty: the body is the definition
 */
export function refuseLinkLocalTargets(
  definitions: readonly CheckDefinition[],
  allowLinkLocal: boolean,
  path: string,
): void {
  for (const [index, definition] of definitions.entries()) {
    const at = path === '' ? '' : `${path}/${index}`;
    if (definition.type === 'http' && definition.url !== undefined) {
      const host = new URL(definition.url).hostname.replace(/^\[|\]$/g, '');
      if (refusalOf(host, allowLinkLocal) !== undefined)
        throw new AppError('INVALID_REQUEST', { fields: [{ field: `${at}/url`, code: 'LINK_LOCAL_ADDRESS' }] });
    }
    if ((definition.type === 'tcp' || definition.type === 'grpc') && definition.address !== undefined)
      refuseLinkLocal(definition.address, allowLinkLocal, `${at}/address`);
  }
}
