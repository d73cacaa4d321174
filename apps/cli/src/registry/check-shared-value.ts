import { checkCentralValue, configKeys, readConfigSchema } from '@flotilla/contracts/config-schema';
import { Failed } from '../running/answer.ts';
import type { RegistryCalls } from './registry-calls.ts';
import { keysIn } from './stored-key.ts';

/**
 * Checks a value for all services against what each of them has said about the setting. Fails if none of them can use it;
 * returns what a person should know otherwise.
 */
export async function checkSharedValue(
  calls: RegistryCalls,
  setting: string,
  value: string,
): Promise<readonly string[]> {
  const prefix = configKeys.schemaOf('');
  const answered = await calls
    .call({ path: `kv?${new URLSearchParams({ prefix }).toString()}` })
    .catch(unlessForbidden);
  const known = keysIn(answered);
  const users: string[] = [];
  const later: string[] = [];
  const refusals: { readonly service: string; readonly why: string }[] = [];
  for (const { key, value: text = '' } of known) {
    const service = key.slice(prefix.length);
    const schema = readConfigSchema(text);
    if (schema === undefined || !Object.hasOwn(schema.settings, setting)) continue;
    const mistake = checkCentralValue(schema, setting, value);
    if (mistake === undefined) {
      users.push(service);
      if (schema.settings[setting]?.live !== true) later.push(service);
    } else if (mistake.kind === 'local')
      refusals.push({ service, why: `${setting} cannot be set in central configuration. ${mistake.why}` });
    else if (mistake.kind === 'value') refusals.push({ service, why: `The value ${mistake.problem}.` });
  }
  const [refusal] = refusals;
  if (refusal !== undefined && users.length === 0)
    throw new Failed(`No service can use this. ${refusal.service} says: ${refusal.why}`, 'INVALID_SETTING');
  if (known.length > 0 && users.length === 0)
    return [`No service that runs, or ran, has a setting ${setting}. Is it spelled correctly?`];
  return [
    ...(users.length === 0 ? [] : [`Used by: ${users.join(', ')}.`]),
    ...(later.length === 0 ? [] : [`It takes effect at the next start of ${later.join(', ')}.`]),
    ...refusals.map(({ service, why }) => `Not used by ${service}: ${why}`),
  ];
}

/** A token may write settings without the right to read what services say about theirs: then nothing can be checked. */
function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof Failed) || error.code !== 'FORBIDDEN') throw error;
}
