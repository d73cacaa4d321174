import type { Disturbance } from '../measure/disturbance.ts';
import { proxyKinds, reference } from '../run/proxy-kinds.ts';
import type { Load, Skip } from '../run/sample.ts';
import { scenarios } from '../run/scenarios.ts';
import type { Machine } from './machine.ts';
import type { Summary } from './summary.ts';

/** All of a run, as it is written to disk. */
export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly disturbed: Disturbance;
  /** How it was called, without the program. */
  readonly arguments: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly skips: readonly Skip[];
  readonly summaries: readonly Summary[];
}

/** What is compared in one go: all proxies in a scenario under one load. */
export interface Section {
  readonly scenario: string;
  readonly load: Load;
  readonly title: string;
  readonly summaries: readonly Summary[];
}

const loads: readonly Load[] = ['full', 'equal-rate', 'half-load', 'none'];

/** In the order of the report. Memory at rest is told once. */
export function sections(results: Results): Section[] {
  const wanted = scenarios.flatMap((scenario) => loads.map((load) => ({ scenario, load })));
  const found = wanted.flatMap(({ scenario, load }) => {
    const summaries = results.summaries.filter((each) => each.scenario === scenario.name && each.load === load);
    const [first] = summaries;
    if (first === undefined) return [];
    return [
      { scenario: scenario.name, load, title: `${scenario.title}${loadText(first)}`, summaries: inOrder(summaries) },
    ];
  });
  const [atRest] = found.filter((each) => each.load === 'none');
  return found.filter((each) => each.load !== 'none' || each === atRest);
}

function loadText({ load, rate }: Summary): string {
  switch (load) {
    case 'full':
      return '';
    case 'equal-rate':
      return `, ${thousands(rate ?? 0)}/s for all`;
    case 'half-load':
      return `, half load: ${thousands(rate ?? 0)}/s`;
    case 'none':
      return ': after the start';
    default:
      return load satisfies never;
  }
}

function inOrder(summaries: readonly Summary[]): Summary[] {
  const names = proxyKinds.map((kind) => kind.name);
  return summaries.toSorted((a, b) => names.indexOf(a.proxy) - names.indexOf(b.proxy));
}

/** How many times the reference's; undefined when that was not measured. */
export function ratio(
  section: Section,
  summary: Summary,
  figure: (of: Summary) => number | undefined,
): number | undefined {
  const base = section.summaries.find((each) => each.proxy === reference);
  const [mine, its] = [figure(summary), base && figure(base)];
  return mine === undefined || its === undefined || !(its > 0) ? undefined : mine / its;
}

export function titleOf(proxy: string): string {
  return proxyKinds.find((kind) => kind.name === proxy)?.title ?? proxy;
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
