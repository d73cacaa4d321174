/** What a panel draws. */
export interface Query {
  /** PromQL, with Grafana's variables. */
  readonly expr: string;
  /** The name of a line, with labels as `{{job}}`. */
  readonly legend: string;
  /** Whether points lead to traces. Default false. */
  readonly exemplars?: boolean;
}

/** A panel before it has a place. */
export interface Panel {
  readonly title: string;
  readonly kind: 'timeseries' | 'stat' | 'heatmap' | 'table';
  readonly unit: string;
  readonly description?: string;
  readonly queries: readonly Query[];
  /** 24 make a row. Default 8. */
  readonly width?: number;
  readonly height?: number;
}

/** A heading with the panels below it. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A choice at the top of a dashboard, made of the values of a label. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** The metric and the label: `label_values(up, job)`. */
  readonly query: string;
}

export interface Dashboard {
  /** Stays the same, so that links do. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

const datasource = { type: 'prometheus', uid: '${datasource}' } as const;
/** How many units of width a row has. */
const fullWidth = 24;

/** A dashboard in the JSON that Grafana imports. */
export function dashboardJson(dashboard: Dashboard): string {
  const json = {
    uid: dashboard.uid,
    title: dashboard.title,
    description: dashboard.description,
    tags: ['flotilla'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    links: [
      {
        type: 'dashboards',
        title: 'Flotilla',
        tags: ['flotilla'],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
      },
    ],
    templating: { list: [datasourceVariable, ...dashboard.variables.map(variableJson)] },
    panels: placed(dashboard.rows),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

const datasourceVariable = { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' };

function variableJson({ name, label, query }: Variable): object {
  return {
    ...{ name, label, type: 'query', datasource, refresh: 2, sort: 1 },
    query: { query, refId: name },
    ...{ includeAll: true, multi: true, allValue: '.*' },
    current: { text: 'All', value: '$__all' },
  };
}

function placed(rows: readonly Row[]): readonly object[] {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: inRow } of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: fullWidth, h: 1 },
    });
    y += 1;
    let [x, highest] = [0, 0];
    for (const panel of inRow) {
      const { width = 8, height = 8 } = panel;
      if (x + width > fullWidth) {
        y += highest;
        [x, highest] = [0, 0];
      }
      panels.push({ id: panels.length + 1, ...panelJson(panel), gridPos: { x, y, w: width, h: height } });
      x += width;
      highest = Math.max(highest, height);
    }
    y += highest;
  }
  return panels;
}

function panelJson({ title, kind, unit, description, queries }: Panel): object {
  const targets = queries.map(({ expr, legend, exemplars = false }, index) => ({
    ...{ refId: String.fromCharCode('A'.charCodeAt(0) + index), datasource, expr, legendFormat: legend },
    ...(exemplars ? { exemplar: true } : {}),
    ...(kind === 'heatmap' ? { format: 'heatmap' } : {}),
    ...(kind === 'table' ? { format: 'table', instant: true } : {}),
  }));
  return {
    ...{ type: kind, title, datasource, targets },
    ...(description === undefined ? {} : { description }),
    fieldConfig: { defaults: { unit, ...(unit === 'percentunit' ? { min: 0 } : {}) }, overrides: [] },
    options: optionsOf(kind),
  };
}

function optionsOf(kind: Panel['kind']): object {
  switch (kind) {
    case 'timeseries':
      return {
        legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
        tooltip: { mode: 'multi' },
      };
    case 'stat':
      return { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'area' };
    case 'heatmap':
      return { calculate: false, yAxis: { unit: 's' }, exemplars: { color: 'rgba(255,0,255,0.7)' } };
    case 'table':
      return { showHeader: true };
    default:
      return kind satisfies never;
  }
}
