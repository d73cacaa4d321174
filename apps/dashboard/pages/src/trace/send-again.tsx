import type { RequestRow, TryResult } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { troubleOf } from '../api/trouble.ts';
import { useApp, useTexts } from '../app/app.ts';
import { headersOf } from '../request/header-lines.ts';
import { TryAnswer } from '../request/try-answer.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Note, useTroubleText } from '../ui/note.tsx';
import { traceTexts } from './trace-texts.ts';

/** A window that sends a request once more, as it was or changed. */
export function SendAgain({
  request,
  onClose,
}: {
  readonly request: RequestRow;
  readonly onClose: () => void;
}): JSX.Element {
  const { api } = useApp();
  const texts = useTexts(traceTexts);
  const troubleText = useTroubleText();
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const [target, setTarget] = useState(targetOf(request));
  const [headers, setHeaders] = useState(hasBody ? 'Content-Type: application/json' : '');
  const [body, setBody] = useState('');
  const [isSending, setSending] = useState(false);
  const [result, setResult] = useState<TryResult | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);

  const send = async (): Promise<void> => {
    setSending(true);
    setFailure(undefined);
    try {
      const asked = {
        to: request.service,
        method: request.method,
        target,
        headers: headersOf(headers),
        ...(body === '' ? {} : { body }),
      };
      setResult(await api.send<TryResult>('POST', '/api/try', asked));
    } catch (error) {
      setFailure(troubleText(troubleOf(error)));
    }
    setSending(false);
  };
  return (
    <Dialog
      title={`${texts.sendAgain}: ${request.method} ${request.path}`}
      onClose={onClose}
      onSubmit={() => void send()}
      foot={
        <Button type="submit" look="main" icon="send" disabled={isSending}>
          {isSending ? texts.sending : texts.send}
        </Button>
      }
    >
      <div class="stack">
        <p class="muted">{texts.notKept}</p>
        <label class="field">
          <span>{texts.target}</span>
          <input class="input mono" value={target} onInput={(event) => setTarget(event.currentTarget.value)} />
        </label>
        <label class="field">
          <span>{texts.headers}</span>
          <textarea class="input" rows={2} value={headers} onInput={(event) => setHeaders(event.currentTarget.value)} />
        </label>
        {hasBody && (
          <label class="field">
            <span>{texts.body}</span>
            <textarea class="input" rows={5} value={body} onInput={(event) => setBody(event.currentTarget.value)} />
          </label>
        )}
        {failure !== undefined && <Note tone="bad">{failure}</Note>}
        {result !== undefined && <TryAnswer result={result} />}
      </div>
    </Dialog>
  );
}

/** The path with the query of a request. */
export function targetOf({ path, query }: Pick<RequestRow, 'path' | 'query'>): string {
  return query === undefined || query === '' ? path : `${path}?${query}`;
}
