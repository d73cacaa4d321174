import type { DocumentList } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { Link } from '../ui/link.tsx';
import { Empty, Shown } from '../ui/note.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { DocumentView } from './document-view.tsx';
import './documents.css';
import { documentsTexts } from './documents-texts.ts';
import type { JsonObject } from './json.ts';

/** A service that starts while one looks appears by itself. */
const listEveryMs = 10_000;

/** What the services can be asked, from their OpenAPI documents, each operation with a form to try it. */
export function DocumentsPage(): JSX.Element {
  const { router } = useApp();
  const texts = useTexts(documentsTexts);
  const format = useFormat();
  const list = useResource<DocumentList>('/api/documents', { everyMs: listEveryMs });
  const documents = list.answer.kind === 'ready' ? list.answer.value.documents : [];
  const wanted = router.place.value.query.get('document');
  const name = wanted ?? documents[0]?.name;
  const document = useResource<JsonObject>(
    name === undefined ? undefined : `/api/documents/${encodeURIComponent(name)}`,
  );
  return (
    <Page title={texts.title}>
      <Shown answer={list.answer} reload={list.reload}>
        {() =>
          documents.length === 0 ? (
            <Panel>
              <Empty title={texts.none}>{texts.noneText}</Empty>
            </Panel>
          ) : (
            <>
              <nav class="tabs" aria-label={texts.documents}>
                {documents.map((each) => (
                  <Link
                    key={each.name}
                    to={`/documents?document=${encodeURIComponent(each.name)}`}
                    isCurrent={each.name === name}
                  >
                    {each.title || each.name}{' '}
                    <span class="muted numeric" title={texts.operations(format.number(each.operations))}>
                      {format.number(each.operations)}
                    </span>
                  </Link>
                ))}
              </nav>
              <Shown answer={document.answer} reload={document.reload}>
                {(found) => <DocumentView key={name} name={name ?? ''} document={found} />}
              </Shown>
            </>
          )
        }
      </Shown>
    </Page>
  );
}
