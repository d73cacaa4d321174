import type { CentralTexts } from '@flotilla/contracts/central-config';
import { configKeys, configText } from '@flotilla/contracts/config-schema';
import { type Settings, showValue } from '../config/index.ts';
import { nearestName } from '../sources/index.ts';

/** A key of central config that the program does not use. */
export interface IgnoredKey {
  readonly key: string;
  readonly setting: string;
  /** A complete sentence. */
  readonly why: string;
  /** Whether the last value of this key that was good stays in use. */
  readonly keepsLast: boolean;
}

/**
 * What central config says about the settings of one program: of each key the last value that was good. A key that was
 * never good counts as absent.
 */
export class CentralLayer {
  readonly #settings: Settings;
  readonly #scopes: readonly Scope[];
  #ignored: readonly IgnoredKey[] = [];

  constructor(program: string, settings: Settings) {
    this.#settings = settings;
    const own = { of: 'own', prefix: configKeys.ofService(program), good: new Map<string, string>() } as const;
    const shared = { of: 'shared', prefix: configKeys.shared, good: new Map<string, string>() } as const;
    // What is for this program alone comes last, since it overrides.
    this.#scopes = [shared, own];
  }

  /** The values to use, by the names of settings. */
  get texts(): ReadonlyMap<string, string> {
    return new Map(this.#scopes.flatMap(({ good }) => [...good]));
  }

  get ignored(): readonly IgnoredKey[] {
    return this.#ignored;
  }

  take(texts: CentralTexts): void {
    this.#ignored = this.#scopes.flatMap((scope) => this.#takeScope(scope, texts[scope.of]));
  }

  #takeScope({ of, prefix, good }: Scope, texts: ReadonlyMap<string, string>): IgnoredKey[] {
    for (const setting of good.keys()) if ((texts.get(setting) ?? '') === '') good.delete(setting);
    const ignored: IgnoredKey[] = [];
    for (const [setting, value] of texts) {
      const text = configText(value);
      // A deeper key is no setting, and an empty value counts as unset, as in a variable.
      if (setting.includes('/') || text === '') continue;
      const why = this.#problemOf(setting, text, of);
      if (why === undefined) good.set(setting, text);
      else if (why !== 'of-others')
        ignored.push({ key: `${prefix}${setting}`, setting, why, keepsLast: good.has(setting) });
    }
    return ignored;
  }

  #problemOf(name: string, text: string, of: Scope['of']): string | undefined {
    const setting = Object.hasOwn(this.#settings, name) ? this.#settings[name] : undefined;
    if (setting === undefined) {
      // What is shared may be for other programs.
      if (of === 'shared') return 'of-others';
      const near = nearestName(name, Object.keys(this.#settings));
      return `There is no such setting.${near === undefined ? '' : ` Did you mean ${near}?`}`;
    }
    if (setting.local !== undefined) return `This setting cannot come from central config. ${setting.local}`;
    const reading = setting.read(text);
    if (reading.ok) return undefined;
    const expected = reading.problem.includes(setting.expects) ? '' : ` Expected ${setting.expects}.`;
    return `"${showValue(text, false)}" ${reading.problem}.${expected}`;
  }
}

interface Scope {
  readonly of: 'own' | 'shared';
  readonly prefix: string;
  /** By the names of settings. */
  readonly good: Map<string, string>;
}
