import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import type { Dated } from '../live/live-list.ts';
import type { LiveRows } from '../live/use-live-list.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import { filterTexts } from './filter-texts.ts';

/** Says that nothing moves because somebody reads, and what has come meanwhile. Nothing while rows are followed. */
export function LiveBar<Row extends Dated>({
  rows: { list },
  onResume,
}: {
  readonly rows: LiveRows<Row>;
  readonly onResume: () => void;
}): JSX.Element | null {
  const texts = useTexts(filterTexts);
  const format = useFormat();
  if (!list.isPaused) return null;
  return (
    <Note
      tone="accent"
      tools={
        <Button icon="play" onClick={onResume}>
          {texts.resume}
        </Button>
      }
    >
      <span role="status">
        {texts.paused} {list.waiting.length > 0 && texts.waiting(format.number(list.waiting.length))}
      </span>{' '}
      {list.missed > 0 && texts.missed(format.number(list.missed))}
    </Note>
  );
}
