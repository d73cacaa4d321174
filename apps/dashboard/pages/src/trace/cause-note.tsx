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
  const { span, callee } = cause;
  const where = callee && (callee.address === undefined ? callee.name : `${callee.name} (${callee.address})`);
  const show = <Button onClick={onShow}>{texts.cause.show}</Button>;
  switch (cause.kind) {
    case 'failed': {
      const { errorType = '', message = '' } = cause;
      // Messages often begin with the word that stands for them.
      const why = message.includes(errorType) ? message : [errorType, message].filter((part) => part !== '').join(': ');
      return (
        <Note tone="bad" tools={show}>
          <b>
            {where === undefined
              ? texts.cause.failed(span.service, span.name)
              : texts.cause.calling(span.service, where)}
          </b>
          {cause.attempts !== undefined && ` ${texts.cause.attempts(format.number(cause.attempts))}`}
          {why !== '' && <div>{why}</div>}
        </Note>
      );
    }
    case 'slow':
      return (
        <Note tone={cause.isLong ? 'warn' : 'calm'} tools={show}>
          {where === undefined
            ? texts.cause.slow(span.service, format.duration(cause.ownMs), format.share(cause.share), span.name)
            : texts.cause.waiting(span.service, format.duration(cause.ownMs), format.share(cause.share), where)}
        </Note>
      );
    default:
      return cause satisfies never;
  }
}
