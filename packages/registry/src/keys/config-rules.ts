import { AppError } from '@flotilla/contracts';
import {
  type CentralMistake,
  checkCentralValue,
  configKeys,
  readConfigSchema,
} from '@flotilla/contracts/config-schema';
import { nearestName } from '@flotilla/kit/sources';
import type { KeyEntry } from './key-entry.ts';
import type { KeyOperation } from './key-operation.ts';

/** A key of central config that is about one service. */
const settingPattern = /^config\/([^/]+)\/([^/]+)$/;

/**
 * Refuses to set a setting of a service to what the service has said it will not take, before any instance reads it.
 *
 * @param keys what there is, to find what the service has said
 * @throws {AppError} INVALID_SETTING
 */
export function refuseWrongSetting(
  operation: KeyOperation,
  keys: { readonly get: (key: string) => KeyEntry | undefined },
): void {
  if (!('value' in operation)) return;
  const [, service = 'shared', setting = ''] = settingPattern.exec(operation.key) ?? [];
  if (service === 'shared') return;
  const described = keys.get(configKeys.schemaOf(service));
  const schema = described && readConfigSchema(textOf(described.value) ?? '');
  if (schema === undefined) return;
  const text = textOf(operation.value);
  const mistake = text === undefined ? notText : checkCentralValue(schema, setting, text);
  if (mistake === undefined) return;
  throw new AppError('INVALID_SETTING', {
    parameters: { service, setting },
    detail: describe(mistake, service, setting),
  });
}

const notText: CentralMistake = { kind: 'value', problem: 'is not text in UTF-8', expects: 'text' };

/** The text that base64 stands for; undefined if its bytes are not UTF-8. */
export function textOf(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

function describe(mistake: CentralMistake, service: string, setting: string): string {
  switch (mistake.kind) {
    case 'unknown': {
      const near = nearestName(setting, mistake.names);
      const hint = near === undefined ? `It has: ${mistake.names.join(', ')}` : `Did you mean ${near}?`;
      return `${service} has no setting ${setting}. ${hint}`;
    }
    case 'local':
      return `${setting} cannot be set in central configuration. ${mistake.why}`;
    case 'value':
      return mistake.problem.includes(mistake.expects)
        ? `The value ${mistake.problem}`
        : `The value ${mistake.problem}. Expected ${mistake.expects}`;
    default:
      return mistake satisfies never;
  }
}
