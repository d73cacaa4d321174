import type { TryResult } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { troubleOf } from '../api/trouble.ts';
import { useApp, useTexts } from '../app/app.ts';
import { curlCommand } from '../request/curl-command.ts';
import { headersOf } from '../request/header-lines.ts';
import { TryAnswer } from '../request/try-answer.tsx';
import { useServiceUrl } from '../request/use-service-url.ts';
import { Button } from '../ui/button.tsx';
import { Note, useTroubleText } from '../ui/note.tsx';
import { documentsTexts } from './documents-texts.ts';
import type { JsonObject } from './json.ts';
import type { Operation, Parameter } from './read-document.ts';
import { draftedRequest, draftName, firstDraft, missingParameters } from './try-draft.ts';

/** A form for a request to an operation, filled in with examples, and what came back. */
export function TryForm({
  to,
  document,
  operation,
}: {
  readonly to: string;
  readonly document: JsonObject;
  readonly operation: Operation;
}): JSX.Element {
  const { api, notices } = useApp();
  const texts = useTexts(documentsTexts);
  const troubleText = useTroubleText();
  const [draft, setDraft] = useState(() => firstDraft(document, operation));
  const [more, setMore] = useState('');
  const [isSending, setSending] = useState(false);
  const [result, setResult] = useState<TryResult | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const missing = missingParameters(operation, draft);
  const request = useMemo(() => {
    const drafted = draftedRequest(to, operation, draft);
    return { ...drafted, headers: { ...drafted.headers, ...headersOf(more) } };
  }, [to, operation, draft, more]);
  const base = useServiceUrl(to);

  const send = async (): Promise<void> => {
    setSending(true);
    setFailure(undefined);
    setResult(undefined);
    try {
      setResult(await api.send<TryResult>('POST', '/api/try', request));
    } catch (error) {
      setFailure(troubleText(troubleOf(error)));
    }
    setSending(false);
  };
  const copy = async (): Promise<void> => {
    const { method, target, headers, body } = request;
    const command = curlCommand({ method, url: base + target, headers, ...(body === undefined ? {} : { body }) });
    await navigator.clipboard.writeText(command);
    notices.add('done', texts.copied);
  };
  const field = (parameter: Parameter): JSX.Element => {
    const name = draftName(parameter);
    return (
      <label key={name} class="field">
        <span>
          <code>{parameter.name}</code> {texts.places[parameter.place]}
          {parameter.isRequired ? ` · ${texts.required}` : ''}
        </span>
        <input
          class="input"
          value={draft.values[name] ?? ''}
          required={parameter.isRequired}
          placeholder={parameter.isRequired ? undefined : texts.optional}
          onInput={(event) => setDraft({ ...draft, values: { ...draft.values, [name]: event.currentTarget.value } })}
        />
      </label>
    );
  };
  return (
    <form
      class="try-form"
      aria-label={`${texts.tryIt}: ${operation.id}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (missing.length === 0 && !isSending) void send();
      }}
    >
      <h3>{texts.tryIt}</h3>
      <code class="target breaks">
        {request.method} {request.target}
      </code>
      {operation.parameters.filter(isInSight).map(field)}
      {operation.body !== undefined && (
        <label class="field">
          <span>
            {texts.body} <code>{operation.body.mediaType}</code>
          </span>
          <textarea
            class="input"
            rows={Math.min(14, draft.body.split('\n').length + 1)}
            value={draft.body}
            spellcheck={false}
            onInput={(event) => setDraft({ ...draft, body: event.currentTarget.value })}
          />
        </label>
      )}
      <details class="more-headers">
        <summary>{texts.headers}</summary>
        {operation.parameters.filter((parameter) => !isInSight(parameter)).map(field)}
        <label class="field">
          <span>{texts.extraHeaders}</span>
          <textarea
            class="input"
            rows={1}
            value={more}
            spellcheck={false}
            onInput={(event) => setMore(event.currentTarget.value)}
          />
        </label>
      </details>
      {operation.method !== 'GET' && operation.method !== 'HEAD' && <span class="muted">{texts.changes}</span>}
      {missing.length > 0 && <span role="status">{texts.missing(missing.map(({ name }) => name).join(', '))}</span>}
      <div class="line">
        <Button type="submit" look="main" icon="send" disabled={isSending || missing.length > 0}>
          {isSending ? texts.sending : texts.send}
        </Button>
        <Button icon="copy" onClick={() => void copy()}>
          {texts.copyCurl}
        </Button>
      </div>
      {failure !== undefined && <Note tone="bad">{failure}</Note>}
      {result !== undefined && <TryAnswer result={result} />}
    </form>
  );
}

/** Optional headers are many, and rarely what one tries: they wait behind a word. */
function isInSight({ place, isRequired }: Parameter): boolean {
  return place !== 'header' || isRequired;
}
