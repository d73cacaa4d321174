import type { RouteExplanation, TryRequest, TryResult } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { troubleOf } from '../api/trouble.ts';
import { useApp, useTexts } from '../app/app.ts';
import { headersOf } from '../request/header-lines.ts';
import { TryAnswer } from '../request/try-answer.tsx';
import { Button } from '../ui/button.tsx';
import { Note, useTroubleText } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { badHeaderLine } from './bad-header-line.ts';
import { ExplanationPanel } from './explanation-panel.tsx';
import { RoutesFrame } from './routes-frame.tsx';
import { routesTexts } from './routes-texts.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

type Shown =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'explained'; readonly explanation: RouteExplanation }
  | { readonly kind: 'tried'; readonly result: TryResult };

/** A box for a request: what the gateway would do with it, or what it does. The request stands in the address. */
export function ExplainPage(): JSX.Element {
  const texts = useTexts(routesTexts);
  const { api, preferences, router } = useApp();
  const { query } = router.place.value;
  const method = query.get('method') ?? 'GET';
  const target = query.get('target') ?? '/';
  const [headerText, setHeaderText] = useState('');
  const [body, setBody] = useState('');
  const [shown, setShown] = useState<Shown>({ kind: 'nothing' });
  const troubleText = useTroubleText();
  const badLine = badHeaderLine(headerText);
  const problem = !target.startsWith('/')
    ? texts.badTarget
    : badLine === undefined
      ? undefined
      : texts.badHeader(badLine);
  const headers = headersOf(headerText);
  const problemId = useId();

  const ask = async (answer: () => Promise<Shown>): Promise<void> => {
    if (problem !== undefined) return;
    setShown({ kind: 'asking' });
    try {
      setShown(await answer());
    } catch (error) {
      setShown({ kind: 'failed', message: troubleText(troubleOf(error)) });
    }
  };
  const request: TryRequest = {
    to: 'gateway',
    method,
    target,
    headers,
    ...(body === '' ? {} : { body }),
  };
  const explain = (): void =>
    void ask(async () => ({
      kind: 'explained',
      explanation: await api.send<RouteExplanation>('POST', '/api/routes/explain', {
        method,
        target,
        headers,
      }),
    }));
  const send = (): void =>
    void ask(async () => ({ kind: 'tried', result: await api.send<TryResult>('POST', '/api/try', request) }));
  const isAsking = shown.kind === 'asking';
  // Whoever follows a link to a request has asked about it, and whoever reads an explanation and changes the language asks again.
  const isAsked = useRef(query.has('target'));
  const language = preferences.language.value;
  useEffect(() => {
    if (isAsked.current || shown.kind === 'explained') explain();
    isAsked.current = false;
  }, [language]);

  return (
    <RoutesFrame part="explain">
      <Panel>
        <form
          class="try"
          onSubmit={(event) => {
            event.preventDefault();
            explain();
          }}
        >
          <label class="field">
            <span>{texts.method}</span>
            <select
              class="input"
              value={method}
              onChange={(event) => router.setQuery({ method: event.currentTarget.value })}
            >
              {methods.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>{texts.target}</span>
            <input
              class="input mono"
              value={target}
              spellcheck={false}
              aria-invalid={problem !== undefined}
              aria-describedby={problemId}
              onInput={(event) => router.setQuery({ target: event.currentTarget.value })}
            />
          </label>
          <div class="try-buttons">
            <Button look="main" type="submit" disabled={isAsking || problem !== undefined} label={texts.explainHint}>
              {texts.explain}
            </Button>
            <Button icon="send" disabled={isAsking || problem !== undefined} label={texts.sendHint} onClick={send}>
              {texts.send}
            </Button>
          </div>
          <details class="try-more">
            <summary>{texts.more}</summary>
            <div class="try-fields">
              <label class="field">
                <span>{texts.headers}</span>
                <textarea
                  class="input"
                  rows={4}
                  spellcheck={false}
                  value={headerText}
                  placeholder="Accept-Language: zh"
                  onInput={(event) => setHeaderText(event.currentTarget.value)}
                />
              </label>
              <label class="field">
                <span>{texts.body}</span>
                <textarea
                  class="input"
                  rows={4}
                  spellcheck={false}
                  value={body}
                  onInput={(event) => setBody(event.currentTarget.value)}
                />
              </label>
            </div>
          </details>
          <p id={problemId} class="much" role="status">
            {problem}
          </p>
        </form>
      </Panel>
      {shown.kind === 'failed' && <Note tone="bad">{shown.message}</Note>}
      {shown.kind === 'explained' && (
        <ExplanationPanel request={`${method} ${target}`} explanation={shown.explanation} />
      )}
      {shown.kind === 'tried' && (
        <Panel>
          <TryAnswer result={shown.result} />
        </Panel>
      )}
    </RoutesFrame>
  );
}
