import { isSecretName } from '@flotilla/kit/logger';

/** Records of keys without the values of those whose name says that they are secrets; `hidden` says that there is one. */
export function hideSecrets(records: unknown): unknown {
  return Array.isArray(records) ? records.map(hideSecret) : hideSecret(records);
}

function hideSecret(record: unknown): unknown {
  if (typeof record !== 'object' || record === null || !('key' in record) || typeof record.key !== 'string')
    return record;
  if (!looksSecret(record.key)) return record;
  const { value: _value, value_base64: _bytes, ...rest } = record as Readonly<Record<string, unknown>>; // Of an object any name can be asked for.
  return { ...rest, hidden: true };
}

/** `config/user-service/STRIPE_API_KEY`, `shop/db.password`. */
export function looksSecret(key: string): boolean {
  const last = key.slice(key.lastIndexOf('/') + 1);
  const words = last.split(/[^A-Za-z0-9]+/);
  return words.some((_, at) => isSecretName(words.slice(at).join('_')));
}
