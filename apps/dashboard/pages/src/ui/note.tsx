import type { ComponentChildren, JSX } from 'preact';
import type { Trouble } from '../api/trouble.ts';
import { useTexts } from '../app/app.ts';
import type { Answer } from '../app/use-resource.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import type { Tone } from './tone.ts';
import { uiTexts } from './ui-texts.ts';

const icons: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  warn: 'warning',
  bad: 'error',
  calm: 'info',
  accent: 'info',
};

/** A sentence that one should see before the rest. */
export function Note({
  tone,
  tools,
  children,
}: {
  readonly tone: Tone;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="note" data-tone={tone}>
      <Icon name={icons[tone]} />
      <div>{children}</div>
      {tools !== undefined && <div class="tools">{tools}</div>}
    </div>
  );
}

/** There is nothing to show: why, and what would change that. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}

/** What went wrong, for people. */
export function useTroubleText(): (trouble: Trouble) => string {
  const texts = useTexts(uiTexts);
  return (trouble) => (trouble.kind === 'unreachable' ? texts.unreachable : trouble.message);
}

/** Shows an answer: bars while it is on its way, the reason if it cannot be had, and a word if it is old. */
export function Shown<T>({
  answer,
  reload,
  children,
}: {
  readonly answer: Answer<T>;
  readonly reload?: () => void;
  readonly children: (value: T) => ComponentChildren;
}): JSX.Element {
  const texts = useTexts(uiTexts);
  const troubleText = useTroubleText();
  const retry = reload && <Button onClick={reload}>{texts.retry}</Button>;
  if (answer.kind === 'loading') return <Bones />;
  if (answer.kind === 'failed')
    return (
      <Note tone="bad" tools={retry}>
        {troubleText(answer.trouble)}
      </Note>
    );
  return (
    <>
      {answer.stale && (
        <Note tone="warn" tools={retry}>
          {troubleText(answer.stale)} {texts.stale}
        </Note>
      )}
      {children(answer.value)}
    </>
  );
}

/** The place of something that is on its way. */
export function Bones({ lines = 5 }: { readonly lines?: number }): JSX.Element {
  const texts = useTexts(uiTexts);
  return (
    <div class="panel bones" role="status">
      <b class="unseen">{texts.loading}</b>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} style={{ width: `${88 - ((index * 23) % 50)}%` }} />
      ))}
    </div>
  );
}
