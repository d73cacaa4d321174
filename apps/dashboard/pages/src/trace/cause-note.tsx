import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import type { Cause } from './cause.ts';
import { traceTexts } from './trace-texts.ts';

/** Why a trace failed or took long, in a sentence. */
export function CauseNote({ cause, onShow }: { readonly cause: Cause; readonly onShow: () => void }): JSX.Element {
  const texts = useTexts(traceTexts);
  const format = useFormat();
  const { span } = cause;
  const show = <Button onClick={onShow}>{texts.cause.show}</Button>;
  switch (cause.kind) {
    case 'failed': {
      const why = [cause.errorType, cause.message].filter((part) => part !== undefined).join(': ');
      return (
        <Note tone="bad" tools={show}>
          <b>{texts.cause.failed(span.service, span.name)}</b>
          {cause.attempts !== undefined && ` ${texts.cause.attempts(format.number(cause.attempts))}`}
          {why !== '' && <div>{why}</div>}
        </Note>
      );
    }
    case 'slow':
      return (
        <Note tone="warn" tools={show}>
          {texts.cause.slow(span.service, format.duration(cause.ownMs), format.share(cause.share), span.name)}
        </Note>
      );
    default:
      return cause satisfies never;
  }
}
