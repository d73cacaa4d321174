import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { lastRanges, type TimeRange, wordOf } from '../time/time-range.ts';
import { Button } from '../ui/button.tsx';
import { filterTexts } from './filter-texts.ts';

/** The part of the past that is shown: the last minutes or hours, or a part that was chosen in a chart or by a link. */
export function RangeField({
  range,
  onChange,
}: {
  readonly range: TimeRange;
  readonly onChange: (range: TimeRange) => void;
}): JSX.Element {
  const texts = useTexts(filterTexts);
  const format = useFormat();
  if (range.kind === 'between') {
    return (
      <span class="between">
        <span class="numeric">
          {format.moment(range.fromMs).slice(0, 19)} – {format.moment(range.toMs).slice(11, 19)}
        </span>
        <Button
          icon="close"
          look="quiet"
          label={texts.anyTime}
          onClick={() => onChange({ kind: 'last', lastMs: lastRanges['1h'] ?? 0 })}
        />
      </span>
    );
  }
  return (
    <select
      class="input choice"
      aria-label={texts.range}
      value={wordOf(range)}
      onChange={(event) => onChange({ kind: 'last', lastMs: lastRanges[event.currentTarget.value] ?? range.lastMs })}
    >
      {Object.entries(lastRanges).map(([word, lastMs]) => (
        <option key={word} value={word}>
          {texts.last(format.age(lastMs))}
        </option>
      ))}
    </select>
  );
}
