import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useApp, useTexts } from '../app/app.ts';
import '../filters/filters.css';
import { SearchField } from '../filters/search-field.tsx';
import { Badge } from '../ui/badge.tsx';
import { Empty } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { documentsTexts } from './documents-texts.ts';
import type { JsonObject } from './json.ts';
import { OperationView } from './operation-view.tsx';
import { type Operation, readDocument } from './read-document.ts';

/** The operations of a document, grouped as their author has grouped them. One opens to its details, and is then in the address. */
export function DocumentView({
  name,
  document,
}: {
  readonly name: string;
  readonly document: JsonObject;
}): JSX.Element {
  const { router } = useApp();
  const texts = useTexts(documentsTexts);
  const api = useMemo(() => readDocument(document), [document]);
  const [text, setText] = useState('');
  const open = router.place.value.query.get('operation');
  const groups = api.groups
    .map((group) => ({ ...group, operations: group.operations.filter((operation) => fits(operation, text)) }))
    .filter(({ operations }) => operations.length > 0);
  if (api.groups.length === 0) {
    return (
      <Panel>
        <Empty title={texts.unreadable} />
      </Panel>
    );
  }
  return (
    <>
      <div class="line">
        <SearchField label={texts.search} value={text} onSearch={setText} />
        {api.version !== undefined && (
          <span class="muted">
            {api.title} {api.version}
          </span>
        )}
        <a href={`/api/documents/${encodeURIComponent(name)}`} target="_blank" rel="noreferrer">
          {texts.rawDocument}
        </a>
      </div>
      {api.description !== undefined && <p class="prose">{api.description}</p>}
      {groups.length === 0 && (
        <Panel>
          <Empty title={texts.noMatch} />
        </Panel>
      )}
      {groups.map((group) => (
        <Panel key={group.name} title={group.name || texts.others} flush>
          {group.operations.map((operation) => (
            <details
              key={operation.id}
              class="operation-row"
              open={operation.id === open}
              onToggle={(event) => {
                const { open: isOpen } = event.currentTarget;
                const current = new URLSearchParams(window.location.search).get('operation');
                if (isOpen && current !== operation.id) router.setQuery({ document: name, operation: operation.id });
                else if (!isOpen && current === operation.id) router.setQuery({ operation: undefined });
              }}
            >
              <summary>
                <b class="verb" data-verb={operation.method}>
                  {operation.method}
                </b>
                <span class="mono path">{operation.path}</span>
                <span class="muted summary">{operation.summary}</span>
                {operation.isDeprecated && <Badge tone="warn">{texts.deprecated}</Badge>}
              </summary>
              {operation.id === open && <OperationView to={name} document={document} operation={operation} />}
            </details>
          ))}
        </Panel>
      ))}
    </>
  );
}

function fits(operation: Operation, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return `${operation.id} ${operation.summary ?? ''}`.toLowerCase().includes(wanted);
}
