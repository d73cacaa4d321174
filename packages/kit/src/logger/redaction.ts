/** Names of fields that hold secrets; matched without regard to case, `-` and `_`. */
const secretNames: ReadonlySet<string> = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'password',
  'passwd',
  'passphrase',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'secret',
  'clientsecret',
  'apikey',
  'xapikey',
  'privatekey',
  'credentials',
]);

const maxDepth = 6;

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretNames.has(name.toLowerCase().replace(/[-_]/g, ''));
}

/**
 * A copy of `fields` with every secret replaced by `***`, at any depth. Copies only what must change. Values that know
 * how they look as JSON (dates, URLs) and errors are left to the logger's serializers.
 */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactObject(fields, 0);
}

function redactObject(fields: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    copy[name] = isSecretName(name) && value !== undefined ? '***' : redactValue(value, depth + 1);
  }
  return copy;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  // Deeper than this is either a mistake or a circle.
  if (depth > maxDepth) return '[…]';
  if (Array.isArray(value)) return value.map((item: unknown) => redactValue(item, depth + 1));
  if (value instanceof Map || value instanceof Set) return redactValue([...value], depth);
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if ('toJSON' in value) return value;
  return redactObject(Object.fromEntries(Object.entries(value)), depth);
}
