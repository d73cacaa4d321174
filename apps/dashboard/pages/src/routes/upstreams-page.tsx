import type { GatewayRoutes, UpstreamView } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { StateLabel } from '../ui/badge.tsx';
import { Link } from '../ui/link.tsx';
import { Empty, Shown } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { type Column, Table } from '../ui/table.tsx';
import type { Tone } from '../ui/tone.ts';
import { RoutesFrame } from './routes-frame.tsx';
import { routesTexts } from './routes-texts.ts';

type Instance = UpstreamView['instances'][number];

const tones: Readonly<Record<Instance['state'], Tone>> = { available: 'good', 'set-aside': 'bad', draining: 'accent' };

/** The services as the gateway sees them: which instances it uses, and why not the others. */
export function UpstreamsPage(): JSX.Element {
  const texts = useTexts(routesTexts);
  const { answer, reload } = useResource<GatewayRoutes>('/api/routes', { everyMs: 2_000 });
  return (
    <RoutesFrame part="upstreams">
      <Shown answer={answer} reload={reload}>
        {({ services }) =>
          services.length === 0 ? (
            <Panel>
              <Empty title={texts.noUpstreams}>{texts.noUpstreamsText}</Empty>
            </Panel>
          ) : (
            services.map((upstream) => <Upstream key={upstream.service} upstream={upstream} />)
          )
        }
      </Shown>
    </RoutesFrame>
  );
}

function Upstream({ upstream: { service, instances } }: { readonly upstream: UpstreamView }): JSX.Element {
  const texts = useTexts(routesTexts);
  const format = useFormat();
  const columns: readonly Column<Instance>[] = [
    { key: 'id', header: texts.columns.instance, cell: ({ id }) => <span class="strong breaks">{id}</span> },
    { key: 'address', header: texts.columns.address, cell: ({ address }) => <span class="mono">{address}</span> },
    {
      key: 'state',
      header: texts.columns.state,
      wide: true,
      cell: ({ state, why }) => (
        <>
          <StateLabel tone={tones[state]}>{texts.states[state]}</StateLabel>
          {why !== undefined && <span class="about breaks">{why}</span>}
        </>
      ),
    },
    { key: 'flight', header: texts.columns.inFlight, align: 'end', cell: ({ inFlight }) => format.number(inFlight) },
    { key: 'weight', header: texts.columns.weight, align: 'end', cell: ({ weight }) => format.number(weight) },
  ];
  return (
    <Panel
      title={<Link to={`/registry/services/${encodeURIComponent(service)}`}>{service}</Link>}
      flush={instances.length > 0}
    >
      {instances.length === 0 ? (
        <p class="much">{texts.noInstances}</p>
      ) : (
        <Table label={service} columns={columns} rows={instances} keyOf={({ id }) => id} />
      )}
    </Panel>
  );
}
