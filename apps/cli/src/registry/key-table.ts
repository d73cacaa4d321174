import { cutToWidth, textWidth } from '@flotilla/kit/text-width';
import { textTable } from '../output/text-table.ts';
import { type StoredKey, shortValue } from './stored-key.ts';

/** A value in fewer columns than this says nothing. */
const leastColumns = 12;

/**
 * Keys with their values, one line each; where the terminal is too narrow for that, each value stands below its key.
 *
 * @param columns undefined: nothing breaks long lines
 */
export function keyTable(
  keys: readonly StoredKey[],
  columns: number | undefined,
  noteOn: (key: StoredKey) => string = () => '',
): readonly string[] {
  const valueOf = (key: StoredKey, most: number): string => {
    const note = noteOn(key);
    return `${shortValue(key, Math.max(1, most - textWidth(note)))}${note}`;
  };
  const room = columns === undefined ? 200 : columns - Math.max(...keys.map(({ key }) => textWidth(key))) - 2;
  if (columns !== undefined && room < leastColumns)
    return keys.flatMap((key) => [cutToWidth(key.key, columns), `    ${valueOf(key, columns - 4)}`]);
  return textTable<StoredKey>(
    [
      { title: 'KEY', cell: ({ key }) => key },
      { title: 'VALUE', cell: (key) => valueOf(key, room) },
    ],
    keys,
    columns,
  );
}
