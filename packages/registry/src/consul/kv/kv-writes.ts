import { isKey, maxValueBytes } from '@flotilla/contracts';
import type { KeyOperation } from '../../keys/key-operation.ts';
import type { Registry } from '../../registry.ts';
import type { Answer } from '../base/answer.ts';
import { actorOf, type Call } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import type { Parameters } from '../base/query-options.ts';
import { Refusal } from '../base/refusal.ts';
import { readUnsigned } from './flags.ts';
import { invalidKey } from './invalid-key.ts';

/** `PUT` and `DELETE /v1/kv/…`: `true` if it was done, `false` if an index, a lock or a session was in the way. */
export function kvWrites(api: ConsulApi, { keys }: Pick<Registry, 'keys'>): void {
  api.put(
    '/kv/*',
    async (call): Promise<Answer> => {
      const { rest: key, parameters, request } = call;
      requireKey(key);
      const value = Buffer.isBuffer(request.body) ? request.body.toString('base64') : '';
      const operation = writeOf({ key, value, flags: numberIn(parameters, 'flags', '0') }, call);
      const outcome = await keys.transact([operation], actorOf(call));
      const failure = outcome.kind === 'failed' ? outcome.failures[0] : undefined;
      if (failure?.why === 'no-session') throw new Refusal(500, `invalid session ${JSON.stringify(failure.session)}`);
      return { json: failure === undefined };
    },
    { bodyLimitBytes: maxValueBytes },
  );

  api.delete('/kv/*', async (call): Promise<Answer> => {
    const { rest: key, parameters } = call;
    if (parameters.has('recurse')) {
      if (parameters.has('cas')) throw conflicting(call);
      await keys.transact([{ verb: 'delete-under', prefix: key }], actorOf(call));
      return { json: true };
    }
    if (key === '') throw new Refusal(400, 'Missing key name');
    const cas = parameters.has('cas') ? numberIn(parameters, 'cas', '') : undefined;
    const operation: KeyOperation =
      cas === undefined ? { verb: 'delete', key } : { verb: 'delete-at', key, revision: Number(cas) };
    const outcome = await keys.transact([operation], actorOf(call));
    return { json: outcome.kind === 'done' };
  });
}

function writeOf(
  written: { readonly key: string; readonly value: string; readonly flags: string },
  call: Call,
): KeyOperation {
  const { parameters } = call;
  const asked = ['cas', 'acquire', 'release'].filter((name) => parameters.has(name));
  if (asked.length > 1) throw conflicting(call);
  const session = parameters.get(asked[0] ?? '') ?? '';
  if (session === '' && asked[0] === 'acquire') throw new Refusal(500, 'missing session');
  switch (asked[0]) {
    case 'cas':
      return { ...written, verb: 'set-at', revision: Number(numberIn(parameters, 'cas', '')) };
    case 'acquire':
      return { ...written, verb: 'lock', session };
    case 'release':
      return { ...written, verb: 'unlock', session };
    default:
      return { ...written, verb: 'set' };
  }
}

function conflicting({ request }: Call): Refusal {
  return new Refusal(400, `Conflicting flags: ${request.url.slice(request.url.indexOf('?') + 1)}`);
}

function numberIn(parameters: Parameters, name: string, byDefault: string): string {
  const text = parameters.get(name) ?? byDefault;
  const value = readUnsigned(text);
  if (value !== undefined) return value;
  throw new Refusal(400, `Invalid value for ?${name}: it must be a whole number of 64 bits`);
}

/** @throws {Refusal} 400 for what can be no key */
function requireKey(key: string): void {
  if (key === '') throw new Refusal(400, 'Missing key name');
  if (!isKey(key)) throw new Refusal(400, invalidKey(key));
}
