import type { RouteView } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { Badge } from '../ui/badge.tsx';
import { Link } from '../ui/link.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { optionWords } from './option-words.ts';
import { routesTexts } from './routes-texts.ts';

/** Routes with what they do, in the order in which the gateway tries them. */
export function RouteTable({ routes }: { readonly routes: readonly RouteView[] }): JSX.Element {
  const texts = useTexts(routesTexts);
  const format = useFormat();
  const columns: readonly Column<RouteView>[] = [
    {
      key: 'match',
      header: texts.columns.match,
      cell: ({ match, kind, rewrite }) => (
        <>
          <Link to={`/requests?route=${encodeURIComponent(match)}`} class="strong mono breaks">
            {match}
          </Link>
          <span class="about">
            {texts.kinds[kind]}
            {rewrite !== undefined && ` · ${texts.rewritten(rewrite)}`}
          </span>
        </>
      ),
    },
    { key: 'methods', header: texts.columns.methods, cell: ({ methods }) => methods?.join(', ') ?? texts.all },
    { key: 'services', header: texts.columns.services, cell: ({ services }) => services.join(', ') },
    {
      key: 'policies',
      header: texts.columns.policies,
      wide: true,
      cell: ({ policies }) =>
        policies.length > 0 && (
          <ol class="policies">
            {policies.map(({ kind, options }, index) => (
              <li key={`${index} ${kind}`}>
                <Badge tone="accent">{kind}</Badge> <span class="muted breaks">{optionWords(options, format)}</span>
              </li>
            ))}
          </ol>
        ),
    },
    {
      key: 'options',
      header: texts.columns.options,
      wide: true,
      cell: ({ options }) => <Options options={options} />,
    },
  ];
  return (
    <Table
      label={texts.title}
      columns={columns}
      rows={routes}
      keyOf={({ match, methods }) => `${match} ${(methods ?? []).join()}`}
    />
  );
}

/** All that a route says, if somebody wants to know: most of it is as everywhere. */
function Options({ options }: Pick<RouteView, 'options'>): JSX.Element | null {
  const texts = useTexts(routesTexts);
  const format = useFormat();
  const entries = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  if (entries.length === 0) return null;
  return (
    <details>
      <summary>{texts.options(entries.length)}</summary>
      <ul class="options">
        {entries.map(([name, value]) => (
          <li key={name} class="breaks">
            {optionWords({ [name]: value }, format)}
          </li>
        ))}
      </ul>
    </details>
  );
}
