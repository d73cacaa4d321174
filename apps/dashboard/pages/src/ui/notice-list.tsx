import type { JSX } from 'preact';
import { useApp, useTexts } from '../app/app.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { uiTexts } from './ui-texts.ts';

/** What the reader is told in passing, in a corner. */
export function NoticeList(): JSX.Element {
  const { notices } = useApp();
  const texts = useTexts(uiTexts);
  return (
    <div class="notices" role="status">
      {notices.all.value.map(({ id, tone, text }) => (
        <div key={id} class="note" data-tone={tone === 'done' ? 'good' : 'bad'}>
          <Icon name={tone === 'done' ? 'check' : 'error'} />
          <div>{text}</div>
          <div class="tools">
            <Button icon="close" look="quiet" label={texts.close} onClick={() => notices.close(id)} />
          </div>
        </div>
      ))}
    </div>
  );
}
