import { checkIdSchema, instanceIdSchema, serviceNameSchema } from '@flotilla/contracts';
import { Refusal } from '../base/refusal.ts';

/*
 * Consul takes any text as an id. Ours stand in paths, so what they may not hold is written as `@` and two hex digits for each
 * byte. Ids that look as if that had been done get it done as well, so that no two become one.
 */

const instancePrefix = 'x:';
const nodePrefix = 'n:';
const checkPrefix = '_x:';

/**
 * The id under which we keep a service of Consul's, if it is one that can be kept.
 *
 * @param node where it is, unless that is our own node: ids are unique on a node only
 */
export function keptId(serviceId: string, node?: string): string {
  return node === undefined
    ? plainOrEscaped(serviceId, instancePrefix)
    : `${nodePrefix}${escaped(node).replaceAll(':', '@3a')}:${escaped(serviceId)}`;
}

/** As {@link keptId}. @throws {Refusal} 400 if it can't be kept */
export function instanceIdOf(serviceId: string, node: string | undefined): string {
  const id = keptId(serviceId, node);
  if (instanceIdSchema.safeParse(id).success) return id;
  const shown = JSON.stringify(serviceId.slice(0, 64));
  throw new Refusal(
    400,
    `Invalid service ID ${shown}: it must have 1 to 128 characters, of which each that is not plain counts as three`,
  );
}

/** The id under which we keep a check of Consul's. */
export function checkOf(checkId: string): string {
  const check = /^[A-Za-z0-9_]/.test(checkId) ? plainOrEscaped(checkId, checkPrefix) : checkPrefix + escaped(checkId);
  if (checkIdSchema.safeParse(check).success) return check;
  throw new Refusal(400, `Invalid check ID ${JSON.stringify(checkId.slice(0, 64))}: it must have 1 to 192 characters`);
}

/** The id of a check as Consul's clients know it. */
export function checkIdOf(check: string): string {
  return check.startsWith(checkPrefix) ? unescaped(check.slice(checkPrefix.length)) : check;
}

/** @throws {Refusal} 400 if ours cannot be called so */
export function requireServiceName(name: string): string {
  if (serviceNameSchema.safeParse(name).success) return name;
  throw new Refusal(
    400,
    `Invalid service name ${JSON.stringify(name.slice(0, 64))}: it must have 1 to 63 characters, letters, digits, ".", "_" and "-", and begin with a letter or digit`,
  );
}

function plainOrEscaped(id: string, prefix: string): string {
  const isPlain = /^[A-Za-z0-9_][A-Za-z0-9._:@-]*$/.test(id) && !/^(?:_?x|n):/.test(id);
  return isPlain && (prefix === checkPrefix || !id.startsWith('_')) ? id : prefix + escaped(id);
}

function escaped(id: string): string {
  let text = '';
  for (const byte of Buffer.from(id)) {
    const character = String.fromCharCode(byte);
    text += /[A-Za-z0-9._:-]/.test(character) ? character : `@${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}

function unescaped(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const hex = /^@([0-9a-f]{2})/.exec(text.slice(at, at + 3))?.[1];
    bytes.push(hex === undefined ? text.charCodeAt(at) : Number.parseInt(hex, 16));
    if (hex !== undefined) at += 2;
  }
  return Buffer.from(bytes).toString();
}
