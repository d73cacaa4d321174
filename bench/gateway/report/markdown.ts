import { machineText } from './machine.ts';
import { type Results, ratio, type Section, sections, thousands, titleOf } from './results.ts';
import type { Summary } from './summary.ts';

const columns = [
  'scenario',
  'proxy',
  'requests/s',
  'CPU µs/request',
  'user + system',
  '× nginx',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'RSS / PSS MiB',
  'failed',
];

/** The report: the machine, one table, and what was left out. */
export function markdown(results: Results): string {
  const versions = Object.entries(results.versions).map(([proxy, version]) => `${titleOf(proxy)} ${version}`);
  const rows = sections(results).flatMap((section) =>
    section.summaries.map((each, index) => row(section, each, index)),
  );
  const skipped = results.skips.map(
    ({ proxy, scenario, reason }) =>
      `- ${titleOf(proxy)}${scenario === undefined ? '' : ` in ${scenario}`}: ${reason.split('\n')[0] ?? ''}`,
  );
  return [
    `# Gateways side by side, ${results.date.slice(0, 10)}`,
    '',
    `${machineText(results.machine)}.`,
    `During the run other programs used ${results.disturbed.othersCores.toFixed(2)} cores, other machines ${results.disturbed.stolenCores.toFixed(2)}.`,
    `${versions.join(', ')}.`,
    `Called as \`npm run bench:gateway${results.arguments.length > 0 ? ` -- ${results.arguments.join(' ')}` : ''}\`.`,
    'Medians of interleaved rounds. `bench/README.md` tells how it is measured and how to read it.',
    '',
    line(columns),
    line(columns.map((_, index) => (index < 2 ? '---' : '---:'))),
    ...rows.map(line),
    '',
    ...(skipped.length > 0 ? ['Skipped:', '', ...skipped, ''] : []),
  ].join('\n');
}

function row(section: Section, summary: Summary, index: number): string[] {
  const measured = summary.load !== 'none';
  const times = ratio(section, summary, (of) => (measured ? of.cpuUs : undefined));
  const { latency } = summary;
  return [
    index === 0 ? section.title : '',
    titleOf(summary.proxy),
    measured ? thousands(summary.requestsPerSecond) : '',
    measured ? figure(summary.cpuUs) : '',
    measured ? `${figure(summary.cpuUs * summary.userShare)} + ${figure(summary.cpuUs * (1 - summary.userShare))}` : '',
    times === undefined ? '' : times.toFixed(2),
    ...[latency?.p50Us, latency?.p99Us, latency?.p999Us].map((us) => (us === undefined ? '' : (us / 1000).toFixed(2))),
    summary.rssMiB === undefined ? '' : `${summary.rssMiB.toFixed(0)} / ${summary.pssMiB?.toFixed(0) ?? ''}`,
    measured ? failures(summary) : '',
  ];
}

function failures({ failed, firstFailure }: Summary): string {
  return failed === 0 ? '0' : `**${failed}**${firstFailure === undefined ? '' : ` (${firstFailure})`}`;
}

/** Three digits that matter, never more. */
function figure(value: number): string {
  return value >= 100 ? thousands(value) : value.toFixed(1);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
