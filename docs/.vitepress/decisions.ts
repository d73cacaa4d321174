import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A decision record in `docs/adr`. */
export interface Decision {
  /** The file's name without `.md`. */
  readonly name: string;
  /** Number and title, as the record's heading has them. */
  readonly title: string;
}

/** All decision records, by number. */
export function decisions(): readonly Decision[] {
  const folder = join(import.meta.dirname, '..', 'adr');
  const files = readdirSync(folder).filter((file) => /^\d{4}-.*\.md$/.test(file));
  return files.sort().map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return { name: file.slice(0, -'.md'.length), title: /^# (.*)$/m.exec(text)?.[1] ?? file };
  });
}
