import type { GatewayRoutes } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useApp, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { Empty, Shown } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { RouteTable } from './route-table.tsx';
import { RoutesFrame } from './routes-frame.tsx';
import { routesTexts } from './routes-texts.ts';

/** The gateway's routes with their policies. */
export function RoutesPage(): JSX.Element {
  const texts = useTexts(routesTexts);
  const { router } = useApp();
  const find = router.place.value.query.get('find') ?? '';
  const { answer, reload } = useResource<GatewayRoutes>('/api/routes', { everyMs: 5_000 });
  const wanted = find.trim().toLowerCase();
  return (
    <RoutesFrame
      part="routes"
      lead={answer.kind === 'ready' ? texts.lead(answer.value.routes.length) : undefined}
      tools={<SearchBox label={texts.find} value={find} onChange={(text) => router.setQuery({ find: text })} />}
    >
      <Shown answer={answer} reload={reload}>
        {({ routes }) => {
          const found = routes.filter(({ match, services }) =>
            [match, ...services].some((each) => each.toLowerCase().includes(wanted)),
          );
          return (
            <Panel flush>
              {routes.length === 0 ? (
                <Empty title={texts.noRoutes}>{texts.noRoutesText}</Empty>
              ) : found.length === 0 ? (
                <Empty title={texts.noMatch(find)} />
              ) : (
                <RouteTable routes={found} />
              )}
            </Panel>
          );
        }}
      </Shown>
    </RoutesFrame>
  );
}
