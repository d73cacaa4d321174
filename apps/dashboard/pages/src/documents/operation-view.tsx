import type { JSX } from 'preact';
import { useTexts } from '../app/app.ts';
import { statusTone } from '../request/status-badge.tsx';
import { Badge } from '../ui/badge.tsx';
import { CodeText } from './code-text.tsx';
import { documentsTexts } from './documents-texts.ts';
import type { JsonObject } from './json.ts';
import type { AnswerDescription, Operation } from './read-document.ts';
import { type SchemaRow, schemaRows, typeText } from './schema-text.ts';
import { TryForm } from './try-form.tsx';

/** What an operation takes and answers, with a form to try it, ready at once. */
export function OperationView({
  to,
  document,
  operation,
}: {
  readonly to: string;
  readonly document: JsonObject;
  readonly operation: Operation;
}): JSX.Element {
  const texts = useTexts(documentsTexts);
  const { parameters, body, answers } = operation;
  return (
    <div class="operation">
      <div class="stack">
        {operation.description !== undefined && (
          <p class="prose">
            <CodeText text={operation.description} />
          </p>
        )}
        {parameters.length > 0 && (
          <>
            <h3>{texts.parameters}</h3>
            <Rows
              rows={parameters.map(({ name, place, isRequired, description, schema }) => ({
                path: name,
                type: `${typeText(document, schema)} · ${texts.places[place]}`,
                isRequired,
                description,
                limits: schemaRows(document, schema)[0]?.limits ?? [],
              }))}
            />
          </>
        )}
        {body !== undefined && (
          <>
            <h3>
              {texts.body} <span class="muted mono">{body.mediaType}</span>
            </h3>
            <Rows rows={schemaRows(document, body.schema)} />
          </>
        )}
        <h3>{texts.answers}</h3>
        {answers.map((answer) => (
          <Answer key={answer.status} document={document} answer={answer} />
        ))}
      </div>
      <TryForm to={to} document={document} operation={operation} />
    </div>
  );
}

function Answer({
  document,
  answer,
}: {
  readonly document: JsonObject;
  readonly answer: AnswerDescription;
}): JSX.Element {
  const status = Number.parseInt(answer.status, 10);
  const head = (
    <>
      <Badge tone={Number.isNaN(status) ? 'calm' : statusTone(status)}>{answer.status}</Badge>{' '}
      <span class="breaks">
        <CodeText text={answer.description ?? ''} />
      </span>
      {answer.schema !== undefined && <code class="muted"> {typeText(document, answer.schema)}</code>}
    </>
  );
  if (answer.schema === undefined) return <div class="answer">{head}</div>;
  return (
    <details class="answer">
      <summary>{head}</summary>
      <Rows rows={schemaRows(document, answer.schema)} />
    </details>
  );
}

function Rows({ rows }: { readonly rows: readonly SchemaRow[] }): JSX.Element {
  const texts = useTexts(documentsTexts);
  return (
    <dl class="schema">
      {rows.flatMap(({ path, type, isRequired, description, limits }, index) => [
        <dt key={`name ${index}`}>
          <code>{path || '·'}</code>
          {isRequired && path !== '' && <span class="must"> {texts.required}</span>}
        </dt>,
        <dd key={index}>
          <code class="muted">{type}</code>
          {limits.length > 0 && <span class="limits"> {limits.join(', ')}</span>}
          {description !== undefined && (
            <div>
              <CodeText text={description} />
            </div>
          )}
        </dd>,
      ])}
    </dl>
  );
}
