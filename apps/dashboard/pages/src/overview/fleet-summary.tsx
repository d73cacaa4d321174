import type { Overview } from '@flotilla/dashboard/wire';
import type { ComponentChildren, JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { overviewTexts } from './overview-texts.ts';

/** The fleet in five figures. */
export function FleetSummary({ overview }: { readonly overview: Overview }): JSX.Element {
  const { summary } = useTexts(overviewTexts);
  const format = useFormat();
  const instances = overview.programs.flatMap((program) => program.instances);
  const healthy = instances.filter(({ state }) => state === 'healthy').length;
  const traffic = overview.programs.find(({ role }) => role === 'gateway')?.traffic;
  const isQuiet = traffic === undefined || traffic.requestsPerSecond === 0;
  return (
    <dl class="summary panel">
      <Figure name={summary.programs} value={format.number(overview.programs.length)}>
        <span class={healthy < instances.length ? 'much' : undefined}>
          {summary.healthy(healthy, instances.length)}
        </span>
      </Figure>
      <Figure name={summary.requests} value={traffic ? format.rate(traffic.requestsPerSecond) : '–'}>
        {isQuiet ? summary.noTraffic : summary.atGateway}
      </Figure>
      <Figure
        name={summary.errors}
        value={isQuiet ? '–' : format.share(traffic.errorShare)}
        isBad={!isQuiet && traffic.errorShare >= 0.01}
      >
        {isQuiet ? '' : summary.atGateway}
      </Figure>
      <Figure name={summary.p95} value={traffic?.p95Ms === undefined ? '–' : format.duration(traffic.p95Ms)}>
        {isQuiet ? '' : summary.atGateway}
      </Figure>
      <Figure
        name={`${summary.cpu} · ${summary.memory}`}
        value={`${format.share(sum(instances.map(({ cpuPercent }) => cpuPercent)) / 100)} · ${format.bytes(sum(instances.map(({ memoryBytes }) => memoryBytes)))}`}
      >
        {summary.ofAll}
      </Figure>
    </dl>
  );
}

function Figure({
  name,
  value,
  isBad = false,
  children,
}: {
  readonly name: string;
  readonly value: string;
  readonly isBad?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={isBad ? 'much' : undefined}>{value}</dd>
      <dd class="under">{children}</dd>
    </div>
  );
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
