import type { ServiceInstance } from '@flotilla/contracts';
import type { JSX } from 'preact';
import { useApp, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { Badge } from '../ui/badge.tsx';
import { Link } from '../ui/link.tsx';
import { Empty, Shown } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { RegistryFrame } from './registry-frame.tsx';
import { registryTexts } from './registry-texts.ts';
import { type ServiceRow, servicesOf } from './services-of.ts';
import { StatusBadge } from './status-badge.tsx';

/** Every service that is registered. */
export function ServicesPage(): JSX.Element {
  const texts = useTexts(registryTexts);
  const { router } = useApp();
  const find = router.place.value.query.get('find') ?? '';
  const { answer, reload } = useResource<readonly ServiceInstance[]>('/api/registry/services', { everyMs: 3_000 });
  return (
    <RegistryFrame
      part="services"
      tools={<SearchBox label={texts.find} value={find} onChange={(text) => router.setQuery({ find: text })} />}
    >
      <Shown answer={answer} reload={reload}>
        {(instances) => <ServiceList services={servicesOf(instances)} find={find} />}
      </Shown>
    </RegistryFrame>
  );
}

function ServiceList({
  services,
  find,
}: {
  readonly services: readonly ServiceRow[];
  readonly find: string;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  const found = services.filter(({ name }) => name.toLowerCase().includes(find.trim().toLowerCase()));
  const columns: readonly Column<ServiceRow>[] = [
    {
      key: 'service',
      header: texts.columns.service,
      cell: ({ name }) => (
        <Link to={linkTo(name)} class="strong">
          {name}
        </Link>
      ),
    },
    {
      key: 'instances',
      header: texts.columns.instances,
      cell: ({ ready, instances }) => (
        <span class={ready < instances.length ? 'much' : undefined}>{texts.ready(ready, instances.length)}</span>
      ),
    },
    { key: 'status', header: texts.columns.status, cell: ({ worst }) => <StatusBadge status={worst} /> },
    {
      key: 'addresses',
      header: texts.columns.addresses,
      wide: true,
      cell: ({ instances }) => <span class="mono breaks">{shortList(instances.map(addressOf))}</span>,
    },
    {
      key: 'tags',
      header: texts.columns.tags,
      wide: true,
      cell: ({ tags }) =>
        tags.length > 0 && (
          <span class="line">
            {tags.map((tag) => (
              <Badge key={tag} tone="calm">
                {tag}
              </Badge>
            ))}
          </span>
        ),
    },
  ];
  return (
    <Panel flush>
      {services.length === 0 ? (
        <Empty title={texts.noServices}>{texts.noServicesText}</Empty>
      ) : found.length === 0 ? (
        <Empty title={texts.noMatch(find)} />
      ) : (
        <Table
          label={texts.parts.services}
          columns={columns}
          rows={found}
          keyOf={({ name }) => name}
          linkOf={({ name }) => linkTo(name)}
        />
      )}
    </Panel>
  );
}

function linkTo(name: string): string {
  return `/registry/services/${encodeURIComponent(name)}`;
}

function addressOf({ address, port }: ServiceInstance): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function shortList(addresses: readonly string[]): string {
  const most = 4;
  const more = addresses.length - most;
  return addresses.slice(0, most).join('  ') + (more > 0 ? ` +${more}` : '');
}
