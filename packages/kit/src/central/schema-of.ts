import type { ConfigSchema, SettingDescription } from '@flotilla/contracts/config-schema';
import { type Setting, type Settings, showValue } from '../config/index.ts';

/** What a program makes known about its settings. */
export function schemaOf(settings: Settings): ConfigSchema {
  return { settings: Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, describe(setting)])) };
}

function describe(setting: Setting<unknown>): SettingDescription {
  const { rule, live, local, expects, secret } = setting;
  const fallback = secret ? undefined : defaultText(setting.default);
  return {
    describe: setting.describe,
    expects,
    rule,
    ...(fallback === undefined ? {} : { default: fallback }),
    live,
    ...(local === undefined ? {} : { local }),
  };
}

/** As somebody would write it. */
function defaultText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return showValue(Array.isArray(value) ? value.join(',') : value, false);
}
