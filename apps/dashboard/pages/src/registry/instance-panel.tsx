import type { ServiceInstance } from '@flotilla/contracts';
import type { ComponentChildren, JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { Age } from '../ui/age.tsx';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/page.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { DrainButton } from './drain-button.tsx';
import { registryTexts } from './registry-texts.ts';
import type { CheckRow, ExplainedInstance } from './registry-types.ts';
import { StatusBadge } from './status-badge.tsx';

/** An instance: whether it gets work and why, what it said of itself, and each check with what it found. */
export function InstancePanel({
  service,
  instance,
  checks,
  registered,
  onChange,
}: {
  readonly service: string;
  readonly instance: ExplainedInstance;
  readonly checks: readonly CheckRow[];
  readonly registered: ServiceInstance | undefined;
  /** Called when something was changed here. */
  readonly onChange: () => void;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  const { id, ready, why, status, draining } = instance;
  // Where all is well, the badges say as much.
  const isPlain = ready && status === 'passing' && !draining;
  return (
    <Panel
      title={<span class="mono">{id}</span>}
      tools={
        <>
          <DrainButton service={service} id={id} isDraining={draining} onDone={onChange} />
          {draining && <Badge tone="accent">{texts.draining}</Badge>}
          <StatusBadge status={status} />
          <Badge tone={ready ? 'good' : 'bad'}>{ready ? texts.getsWork : texts.noWork}</Badge>
        </>
      }
      flush
    >
      <div class="instance-body">
        {!isPlain && <p class="breaks">{why}</p>}
        <Facts instance={instance} registered={registered} />
      </div>
      {checks.length === 0 ? <p class="no-checks muted">{texts.noChecks}</p> : <Checks checks={checks} />}
    </Panel>
  );
}

function Facts({
  instance: { address, port, lease_ms: leaseMs, last_seen: lastSeen, registered_at: registeredAt, weight },
  registered,
}: {
  readonly instance: ExplainedInstance;
  readonly registered: ServiceInstance | undefined;
}): JSX.Element {
  const { facts, noLease, ago } = useTexts(registryTexts);
  const format = useFormat();
  const metadata = Object.entries(registered?.metadata ?? {});
  return (
    <dl class="facts">
      <Fact name={facts.address}>
        <span class="mono">{`${address}:${port}`}</span>
      </Fact>
      <Fact name={facts.lease}>{leaseMs === 0 ? noLease : format.age(leaseMs)}</Fact>
      <Fact name={facts.lastSeen}>
        <Age at={lastSeen} say={ago} />
      </Fact>
      <Fact name={facts.registered}>
        <Age at={registeredAt} say={ago} />
      </Fact>
      <Fact name={facts.weight}>{format.number(weight)}</Fact>
      {registered !== undefined && registered.tags.length > 0 && (
        <Fact name={facts.tags}>{registered.tags.join(', ')}</Fact>
      )}
      {metadata.length > 0 && (
        <Fact name={facts.metadata}>
          <span class="mono breaks">{metadata.map(([name, value]) => `${name}=${value}`).join('  ')}</span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Checks({ checks }: { readonly checks: readonly CheckRow[] }): JSX.Element {
  const texts = useTexts(registryTexts);
  const format = useFormat();
  const columns: readonly Column<CheckRow>[] = [
    {
      key: 'check',
      header: texts.columns.check,
      cell: ({ check, title }) => <span class="strong nowrap">{title ?? check}</span>,
    },
    { key: 'type', header: texts.columns.type, cell: ({ type }) => type },
    { key: 'status', header: texts.columns.status, cell: ({ status }) => <StatusBadge status={status} /> },
    {
      key: 'output',
      header: texts.columns.output,
      wide: true,
      cell: ({ output }) => output !== '' && <code class="breaks">{output}</code>,
    },
    {
      key: 'since',
      header: texts.columns.since,
      align: 'end',
      cell: ({ changed_at: at }) => at !== undefined && <Age at={at} />,
    },
    {
      key: 'last',
      header: texts.columns.lastRun,
      align: 'end',
      cell: ({ last_run_at: at, last_run_ms: ms }) =>
        at !== undefined && (
          <Age at={at} say={(age) => (ms === undefined ? texts.ago(age) : texts.took(age, format.duration(ms)))} />
        ),
    },
  ];
  return <Table label={texts.checks} columns={columns} rows={checks} keyOf={({ check }) => check} />;
}
