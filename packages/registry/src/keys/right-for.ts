import type { Right } from '../access/access.ts';
import type { KeyOperation } from './key-operation.ts';

/** The right that a step of a transaction needs; none if it does nothing. */
export function rightFor(operation: KeyOperation): Right | undefined {
  switch (operation.verb) {
    case 'set':
    case 'set-at':
    case 'lock':
    case 'unlock':
    case 'delete':
    case 'delete-at':
      return { kind: 'write-key', key: operation.key };
    case 'delete-under':
      return { kind: 'write-keys', prefix: operation.prefix };
    case 'get':
    case 'get-if-there':
    case 'check-absent':
    case 'check-at':
    case 'check-session':
      return { kind: 'read-key', key: operation.key };
    case 'get-under':
      return { kind: 'read-keys', prefix: operation.prefix };
    case 'refuse':
      return undefined;
    default:
      return operation satisfies never;
  }
}
