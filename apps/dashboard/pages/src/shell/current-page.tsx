import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp, useTexts } from '../app/app.ts';
import { matchPath } from '../browser/match-path.ts';
import { Button } from '../ui/button.tsx';
import { Link } from '../ui/link.tsx';
import { Bones, Empty, Note } from '../ui/note.tsx';
import { Page } from '../ui/page.tsx';
import type { PageEntry, PageProps } from './page-entry.ts';
import { shellTexts } from './shell-texts.ts';

/** The page that the address names, its code loaded when it is first needed. */
export function CurrentPage({ pages }: { readonly pages: readonly PageEntry[] }): JSX.Element {
  const { router } = useApp();
  const texts = useTexts(shellTexts);
  const { path } = router.place.value;
  for (const entry of pages) {
    const parameters = matchPath(entry.pattern, path);
    if (parameters !== undefined) return <LoadedPage key={entry.pattern} entry={entry} parameters={parameters} />;
  }
  return (
    <Page title={texts.notFound}>
      <div class="panel">
        <Empty title={texts.notFound}>
          {texts.notFoundText} <Link to="/">{texts.toOverview}</Link>
        </Empty>
      </div>
    </Page>
  );
}

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'here'; readonly component: ComponentType<PageProps> };

function LoadedPage({ entry, parameters }: PageProps & { readonly entry: PageEntry }): JSX.Element {
  const texts = useTexts(shellTexts);
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' });
  useEffect(() => {
    entry.load().then(
      (component) => setLoaded({ kind: 'here', component }),
      () => setLoaded({ kind: 'failed' }),
    );
  }, [entry]);
  switch (loaded.kind) {
    case 'loading':
      return <Bones />;
    case 'failed':
      return (
        <Note tone="bad" tools={<Button onClick={() => window.location.reload()}>{texts.reload}</Button>}>
          {texts.cannotLoad}
        </Note>
      );
    case 'here': {
      const Component = loaded.component;
      return <Component parameters={parameters} />;
    }
    default:
      return loaded satisfies never;
  }
}
