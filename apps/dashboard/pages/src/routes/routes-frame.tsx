import type { ComponentChildren, JSX } from 'preact';
import { useTexts } from '../app/app.ts';
import { Link } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';
import { routesTexts } from './routes-texts.ts';
import './routes.css';

/** A part of the gateway's page. */
export type RoutesPart = 'routes' | 'upstreams' | 'explain';

const paths: Readonly<Record<RoutesPart, string>> = {
  routes: '/routes',
  upstreams: '/routes/upstreams',
  explain: '/routes/explain',
};

/** The gateway's page with its parts, of which one is shown. */
export function RoutesFrame({
  part,
  lead,
  tools,
  children,
}: {
  readonly part: RoutesPart;
  readonly lead?: string | undefined;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { title, parts } = useTexts(routesTexts);
  return (
    <Page title={title} lead={lead} tools={tools}>
      <nav class="tabs" aria-label={parts.label}>
        {(['routes', 'upstreams', 'explain'] as const).map((each) => (
          <Link key={each} to={paths[each]} isCurrent={each === part}>
            {parts[each]}
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  );
}
