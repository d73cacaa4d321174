import type { KeyRecord } from '@flotilla/contracts';
import { textOf } from '../../keys/config-rules.ts';
import type { KeyEntry } from '../../keys/key-entry.ts';

/** About how many characters of texts are kept. */
const maxKept = 8_388_608;

/**
 * The JSON of keys. What was made last is kept: after a change everybody who waits wants the same. It is bounded, as all keys
 * may be much.
 */
export class KeyTexts {
  /** Those that were made longest ago first. */
  readonly #texts = new Map<KeyEntry, string>();
  #kept = 0;

  textOf(entry: KeyEntry): string {
    const known = this.#texts.get(entry);
    if (known !== undefined) return known;
    const text = JSON.stringify(showKey(entry));
    this.#texts.set(entry, text);
    this.#kept += text.length;
    for (const [oldest, its] of this.#texts) {
      if (this.#kept <= maxKept) break;
      this.#texts.delete(oldest);
      this.#kept -= its.length;
    }
    return text;
  }
}

/** A key as it is shown. */
function showKey(entry: KeyEntry): KeyRecord {
  const { key, ...beside } = headOf(entry);
  const text = textOf(entry.value);
  return { key, ...(text === undefined ? { value_base64: entry.value } : { value: text }), ...beside };
}

/** A key as its writer is shown it: without its value. */
export function headOf({ key, flags, session, createdRevision, revision }: KeyEntry): KeyRecord {
  return {
    key,
    ...(flags === '0' ? {} : { flags }),
    ...(session === undefined ? {} : { session }),
    created_revision: createdRevision,
    revision,
  };
}
