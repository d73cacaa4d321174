import type { InstanceView, ProgramView } from '@flotilla/dashboard/wire';
import { Fragment, type JSX } from 'preact';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { Link } from '../ui/link.tsx';
import { Spark } from '../ui/spark.tsx';
import { InstanceStateLabel } from './instance-state.tsx';
import { overviewTexts } from './overview-texts.ts';
import { ProgramActions } from './program-actions.tsx';
import type { FleetActions } from './use-fleet-actions.ts';
import type { Histories } from './use-history.ts';

/** With that of the actions. */
const columnCount = 11;

/** Every program, with its instances below it; one that has a single instance takes one row. */
export function ProgramTable({
  programs,
  actions,
  histories,
}: {
  readonly programs: readonly ProgramView[];
  readonly actions: FleetActions;
  readonly histories: { readonly rates: Histories; readonly cpu: Histories };
}): JSX.Element {
  const { columns, title } = useTexts(overviewTexts);
  const headers = [
    [columns.program],
    [columns.state],
    [columns.traffic, 'end'],
    [columns.errors, 'end'],
    [columns.p95, 'end'],
    [columns.cpu, 'end'],
    [columns.memory, 'end'],
    [columns.uptime, 'end'],
    [columns.restarts, 'end'],
    [columns.version],
  ] as const;
  return (
    <table class="table programs" role="table" aria-label={title}>
      <thead role="rowgroup">
        <tr role="row">
          {headers.map(([text, align]) => (
            <th key={text} role="columnheader" scope="col" data-align={align}>
              {text}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <span class="unseen">{columns.actions}</span>
          </th>
        </tr>
      </thead>
      {programs.map((program) => {
        const [only] = program.instances.length === 1 ? program.instances : [];
        return (
          <tbody key={program.name} role="rowgroup">
            <ProgramRow program={program} only={only} actions={actions} histories={histories} />
            <WhyRow instance={only} />
            {only === undefined &&
              program.instances.map((instance) => (
                <Fragment key={instance.name}>
                  <InstanceRow program={program} instance={instance} actions={actions} cpu={histories.cpu} />
                  <WhyRow instance={instance} />
                </Fragment>
              ))}
          </tbody>
        );
      })}
    </table>
  );
}

function ProgramRow({
  program,
  only,
  actions,
  histories,
}: {
  readonly program: ProgramView;
  readonly only: InstanceView | undefined;
  readonly actions: FleetActions;
  readonly histories: { readonly rates: Histories; readonly cpu: Histories };
}): JSX.Element {
  const texts = useTexts(overviewTexts);
  const format = useFormat();
  const { name, role, state, traffic, instances } = program;
  return (
    <tr role="row" class="program">
      <td role="cell">
        <Link to={`/logs?service=${encodeURIComponent(name)}`} label={texts.logsOf(name)} class="name">
          {name}
        </Link>
        <span class="about">
          {instances.length > 1 ? texts.instances(instances.length) : name.includes(role) ? '' : texts.roles[role]}
          {only?.url !== undefined && <span> {withoutScheme(only.url)}</span>}
        </span>
      </td>
      <td role="cell" data-wide="">
        <InstanceStateLabel state={state} />
      </td>
      <td role="cell" data-align="end" data-label={texts.columns.traffic}>
        {traffic && (
          <span class="with-spark">
            <Spark values={histories.rates.get(name) ?? []} />
            <Link
              to={requestsOf(name)}
              label={texts.requestsOf(name, format.rate(traffic.requestsPerSecond))}
              class="figure"
            >
              {format.rate(traffic.requestsPerSecond)}
            </Link>
          </span>
        )}
      </td>
      <td role="cell" data-align="end" data-label={texts.columns.errors}>
        {traffic && (
          <Link
            to={`${requestsOf(name)}&status=failed`}
            label={texts.errorsOf(name, format.share(traffic.errorShare))}
            class={traffic.errorShare >= 0.01 ? 'much' : 'figure'}
          >
            {format.share(traffic.errorShare)}
          </Link>
        )}
      </td>
      <td role="cell" data-align="end" data-label={texts.columns.p95}>
        {traffic?.p95Ms !== undefined && (
          <Link
            to={`${requestsOf(name)}&min_ms=${Math.floor(traffic.p95Ms / 2)}`}
            label={texts.slowOf(name, format.duration(traffic.p95Ms))}
            class="figure"
          >
            {format.duration(traffic.p95Ms)}
          </Link>
        )}
      </td>
      <ProcessCells instance={only} cpu={histories.cpu} />
      <td role="cell" class="acts">
        <ProgramActions program={program} actions={actions} />
      </td>
    </tr>
  );
}

function InstanceRow({
  program,
  instance,
  actions,
  cpu,
}: {
  readonly program: ProgramView;
  readonly instance: InstanceView;
  readonly actions: FleetActions;
  readonly cpu: Histories;
}): JSX.Element {
  return (
    <tr role="row" class="instance">
      <td role="cell">
        <span class="instance-name">{instance.name}</span>
        <span class="about">{instance.url !== undefined && withoutScheme(instance.url)}</span>
      </td>
      <td role="cell" data-wide="">
        <InstanceStateLabel state={instance.state} />
      </td>
      <td role="cell" />
      <td role="cell" />
      <td role="cell" />
      <ProcessCells instance={instance} cpu={cpu} />
      <td role="cell" class="acts">
        <ProgramActions program={program} instance={instance} actions={actions} />
      </td>
    </tr>
  );
}

/** Why an instance is in its state, in the whole width: it may be a long sentence. */
function WhyRow({ instance }: { readonly instance: InstanceView | undefined }): JSX.Element | null {
  const { preferences } = useApp();
  if (instance?.why === undefined) return null;
  return (
    <tr role="row" class="why">
      <td role="cell" colSpan={columnCount}>
        {instance.why[preferences.language.value]}
      </td>
    </tr>
  );
}

function ProcessCells({
  instance,
  cpu,
}: {
  readonly instance: InstanceView | undefined;
  readonly cpu: Histories;
}): JSX.Element {
  const { columns } = useTexts(overviewTexts);
  const format = useFormat();
  const { cpuPercent, memoryBytes, uptimeMs, restarts, version } = instance ?? {};
  return (
    <>
      <td role="cell" data-align="end" data-label={columns.cpu}>
        {cpuPercent !== undefined && (
          <span class="with-spark">
            <Spark values={cpu.get(instance?.name ?? '') ?? []} max={100} />
            {format.share(cpuPercent / 100)}
          </span>
        )}
      </td>
      <td role="cell" data-align="end" data-label={columns.memory}>
        {memoryBytes !== undefined && format.bytes(memoryBytes)}
      </td>
      <td role="cell" data-align="end" data-label={columns.uptime}>
        {uptimeMs !== undefined && format.age(uptimeMs)}
      </td>
      <td role="cell" data-align="end" data-label={columns.restarts}>
        {restarts !== undefined && <span class={restarts > 0 ? 'some' : 'muted'}>{format.number(restarts)}</span>}
      </td>
      <td role="cell" data-label={columns.version}>
        {version}
      </td>
    </>
  );
}

/** The requests that a program took part in lately. */
function requestsOf(name: string): string {
  return `/requests?service=${encodeURIComponent(name)}&range=5m`;
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}
