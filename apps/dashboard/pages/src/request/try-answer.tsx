import type { TryResult } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Link } from '../ui/link.tsx';
import { Note } from '../ui/note.tsx';
import { prettyBody } from './pretty-body.ts';
import { requestTexts } from './request-texts.ts';
import { StatusBadge } from './status-badge.tsx';
import './try-answer.css';

/** What came back from a request that a page has sent. */
export function TryAnswer({ result }: { readonly result: TryResult }): JSX.Element {
  const texts = useTexts(requestTexts);
  const format = useFormat();
  const trace = <Link to={`/traces/${result.traceId}`}>{texts.openTrace}</Link>;
  if (result.kind === 'failed') {
    return (
      <div class="try-answer" role="status">
        <Note tone="bad" tools={trace}>
          {result.message}
        </Note>
        <span class="mono muted breaks">{result.url}</span>
      </div>
    );
  }
  const body = prettyBody(result.body);
  return (
    <div class="try-answer" role="status" aria-label={texts.answer}>
      <div class="line">
        <StatusBadge status={result.status} />
        <span class="muted">{texts.answered(format.duration(result.durationMs))}</span>
        {trace}
      </div>
      <span class="mono muted breaks">{result.url}</span>
      <details>
        <summary>{texts.headers(format.number(result.headers.length))}</summary>
        <dl class="details attributes">
          {result.headers.flatMap(([name, value], index) => [
            <dt key={`name ${index}`}>{name}</dt>,
            <dd key={index}>{value}</dd>,
          ])}
        </dl>
      </details>
      {body === '' ? (
        <span class="muted">{texts.emptyBody}</span>
      ) : (
        <div class="copied">
          <CopyButton text={result.body} />
          <pre class="code" tabIndex={0}>
            {body}
          </pre>
        </div>
      )}
      {result.isCut && <span class="muted">{texts.cut}</span>}
    </div>
  );
}
