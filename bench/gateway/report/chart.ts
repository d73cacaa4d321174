import { machineText } from './machine.ts';
import { type Results, ratio, type Section, sections, titleOf } from './results.ts';
import type { Summary } from './summary.ts';

/** Sizes in pixels. */
const width = 1120;
const margin = 24;
const gap = 32;
const headHeight = 84;
const rowHeight = 22;
const titleHeight = 34;
const labelWidth = 150;
const valueWidth = 128;

const ownColour = '#0f6cbd';
const otherColour = '#a9b4c0';
const failedColour = '#c4314b';

interface Bar {
  readonly label: string;
  readonly own: boolean;
  readonly failed: boolean;
  readonly ratio: number;
  readonly value: string;
}

interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** Bars of how many times nginx's cost each proxy's is: one panel for each scenario, in two columns. */
export function chart(results: Results): string {
  const panels = sections(results).flatMap(panelsOf);
  const panelWidth = (width - 2 * margin - gap) / 2;
  let top = headHeight;
  const drawn: string[] = [];
  for (let index = 0; index < panels.length; index += 2) {
    const pair = panels.slice(index, index + 2);
    for (const [column, each] of pair.entries()) {
      const left = margin + column * (panelWidth + gap);
      drawn.push(`<g transform="translate(${left} ${top})">${draw(each, panelWidth)}</g>`);
    }
    top += titleHeight + Math.max(...pair.map((each) => each.bars.length)) * rowHeight + gap;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="13" fill="#1b1f23">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${margin}" y="34" font-size="20" font-weight="600">Gateways side by side: times nginx, shorter is better</text>
<text x="${margin}" y="56" font-size="11" fill="#57606a">${escaped(machineText(results.machine))}; ${results.date.slice(0, 10)}</text>
${drawn.join('\n')}
</svg>
`;
}

function panelsOf(section: Section): Panel[] {
  const panels: Panel[] = [];
  if (section.load !== 'none') {
    panels.push(
      panel(
        section,
        'CPU per request',
        (of) => of.cpuUs,
        (value) => `${value.toFixed(value < 100 ? 1 : 0)} µs`,
      ),
    );
  }
  if (section.load === 'half-load') {
    panels.push(
      panel(
        section,
        'p99 latency',
        (of) => of.latency?.p99Us,
        (value) => `${(value / 1000).toFixed(2)} ms`,
      ),
    );
  }
  if (section.scenario === 'idle-1000') {
    panels.push(
      panel(
        section,
        'resident memory',
        (of) => of.rssMiB,
        (value) => `${value.toFixed(0)} MiB`,
      ),
    );
  }
  return panels.filter((each) => each.bars.length > 0);
}

function panel(
  section: Section,
  what: string,
  figure: (of: Summary) => number | undefined,
  text: (value: number) => string,
): Panel {
  const bars = section.summaries.flatMap((each) => {
    const value = figure(each);
    const times = ratio(section, each, figure);
    if (value === undefined || times === undefined) return [];
    return [
      {
        label: titleOf(each.proxy),
        own: each.proxy === 'flotilla',
        failed: each.failed > 0,
        ratio: times,
        value: text(value),
      },
    ];
  });
  return { title: `${section.title}: ${what}`, bars };
}

function draw({ title, bars }: Panel, panelWidth: number): string {
  const longest = Math.max(...bars.map((bar) => bar.ratio), 2);
  const scale = (panelWidth - labelWidth - valueWidth) / longest;
  const one = labelWidth + scale;
  const bottom = titleHeight + bars.length * rowHeight - 4;
  const rows = bars.map((bar, index) => {
    const y = titleHeight + index * rowHeight;
    const colour = bar.failed ? failedColour : bar.own ? ownColour : otherColour;
    const length = Math.max(bar.ratio * scale, 1);
    const note = `${bar.ratio.toFixed(2)}× · ${bar.value}${bar.failed ? ' · failures' : ''}`;
    return `<text x="${labelWidth - 8}" y="${y + 12}" text-anchor="end"${bar.own ? ' font-weight="600"' : ''}>${escaped(bar.label)}</text>
<rect x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${rowHeight - 6}" rx="2" fill="${colour}"/>
<text x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 12}" font-size="11" fill="#57606a" stroke="#ffffff" stroke-width="4" paint-order="stroke">${note}</text>`;
  });
  return `<text x="0" y="18" font-weight="600">${escaped(title)}</text>
<line x1="${one.toFixed(1)}" y1="${titleHeight - 4}" x2="${one.toFixed(1)}" y2="${bottom}" stroke="#57606a" stroke-dasharray="3 3"/>
${rows.join('\n')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
