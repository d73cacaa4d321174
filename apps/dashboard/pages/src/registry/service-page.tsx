import type { ServiceInstance } from '@flotilla/contracts';
import type { JSX } from 'preact';
import { useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import type { PageProps } from '../shell/page-entry.ts';
import { Age } from '../ui/age.tsx';
import { Link } from '../ui/link.tsx';
import { Note, Shown } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { InstancePanel } from './instance-panel.tsx';
import { RegistryFrame } from './registry-frame.tsx';
import { registryTexts } from './registry-texts.ts';
import type { CheckRow, Departure, Explanation } from './registry-types.ts';

/** One service: which of its instances get work, why, and what their checks say. */
export function ServicePage({ parameters: { service = '' } }: PageProps): JSX.Element {
  const texts = useTexts(registryTexts);
  const name = encodeURIComponent(service);
  const everyMs = 3_000;
  const { answer, reload } = useResource<Explanation>(`/api/registry/explain/${name}`, { everyMs });
  const checks = useResource<readonly CheckRow[]>(`/api/registry/checks?service=${name}`, { everyMs }).answer;
  const instances = useResource<readonly ServiceInstance[]>(`/api/registry/services/${name}/instances`, {
    everyMs,
  }).answer;
  return (
    <RegistryFrame part="services">
      <div class="line">
        <Link to="/registry">{texts.allServices}</Link>
        <span class="muted">/</span>
        <h2>{service}</h2>
        <span class="service-links line">
          <Link to={`/registry/trail?service=${name}`}>{texts.showTrail}</Link>
          <Link to={`/registry/config?service=${name}`}>{texts.showConfig}</Link>
          <Link to={`/logs?service=${name}`}>{texts.showLogs}</Link>
        </span>
      </div>
      <Shown answer={answer} reload={reload}>
        {(explanation) => (
          <>
            {explanation.guard.open && <Note tone="warn">{texts.guardOpen}</Note>}
            {explanation.instances.map((instance) => (
              <InstancePanel
                key={instance.id}
                service={service}
                onChange={reload}
                instance={instance}
                checks={checks.kind === 'ready' ? checks.value.filter(({ id }) => id === instance.id) : []}
                registered={
                  instances.kind === 'ready' ? instances.value.find(({ id }) => id === instance.id) : undefined
                }
              />
            ))}
            {explanation.removed.length > 0 && <Departures removed={explanation.removed} />}
          </>
        )}
      </Shown>
    </RegistryFrame>
  );
}

function Departures({ removed }: { readonly removed: readonly Departure[] }): JSX.Element {
  const texts = useTexts(registryTexts);
  const columns: readonly Column<Departure>[] = [
    { key: 'id', header: texts.facts.id, cell: ({ id }) => <b>{id}</b> },
    {
      key: 'address',
      header: texts.facts.address,
      cell: ({ address, port }) => <span class="mono">{`${address}:${port}`}</span>,
    },
    { key: 'why', header: texts.columns.what, wide: true, cell: ({ why }) => why },
    { key: 'at', header: texts.columns.at, align: 'end', cell: ({ at }) => <Age at={at} say={texts.ago} /> },
  ];
  return (
    <Panel title={texts.gone} flush>
      <Table label={texts.gone} columns={columns} rows={removed} keyOf={({ id, at }) => id + at} />
    </Panel>
  );
}
