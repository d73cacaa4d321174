import type { JSX } from 'preact';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { Button } from '../ui/button.tsx';
import { Link } from '../ui/link.tsx';
import { Empty, Shown } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { RegistryFrame } from './registry-frame.tsx';
import { registryTexts } from './registry-texts.ts';
import type { Trail, TrailEntry } from './registry-types.ts';
import { wordsFor } from './trail-words.ts';

/** Who changed what and when: the newest first. */
export function TrailPage(): JSX.Element {
  const texts = useTexts(registryTexts);
  const { router } = useApp();
  const { query } = router.place.value;
  const service = query.get('service') ?? '';
  const before = query.get('before');
  const asked = new URLSearchParams({ limit: '100' });
  if (service !== '') asked.set('service', service);
  if (before !== null) asked.set('before', before);
  // What was passes; only the newest page changes.
  const { answer, reload } = useResource<Trail>(`/api/registry/trail?${asked.toString()}`, {
    keepPrevious: true,
    ...(before === null ? { everyMs: 3_000 } : {}),
  });
  return (
    <RegistryFrame
      part="trail"
      tools={
        <SearchBox
          label={texts.trailOf}
          value={service}
          onChange={(text) => router.setQuery({ service: text.trim(), before: undefined })}
        />
      }
    >
      <Shown answer={answer} reload={reload}>
        {({ entries, next }) => (
          <>
            <Panel flush>
              {entries.length === 0 ? <Empty title={texts.noTrail} /> : <Entries entries={entries} />}
            </Panel>
            <div class="line">
              {before !== null && (
                <Button onClick={() => router.setQuery({ before: undefined })}>{texts.newest}</Button>
              )}
              {next !== undefined && (
                <Button onClick={() => router.setQuery({ before: String(next) })}>{texts.older}</Button>
              )}
            </div>
          </>
        )}
      </Shown>
    </RegistryFrame>
  );
}

function Entries({ entries }: { readonly entries: readonly TrailEntry[] }): JSX.Element {
  const texts = useTexts(registryTexts);
  const format = useFormat();
  const { nowMs } = useApp();
  const columns: readonly Column<TrailEntry>[] = [
    {
      key: 'at',
      header: texts.columns.at,
      cell: ({ at }) => (
        <time dateTime={at} title={format.moment(Date.parse(at))} class="nowrap numeric">
          {format.time(Date.parse(at), nowMs.peek())}
        </time>
      ),
    },
    {
      key: 'service',
      header: texts.columns.service,
      cell: ({ service }) =>
        service !== undefined && <Link to={`/registry/services/${encodeURIComponent(service)}`}>{service}</Link>,
    },
    {
      key: 'what',
      header: texts.columns.what,
      wide: true,
      cell: (entry) => (
        <span class="breaks">
          {wordsFor(entry, texts)}
          {(entry.why ?? entry.output ?? '') !== '' && <span class="trail-why">{entry.why ?? entry.output}</span>}
        </span>
      ),
    },
    {
      key: 'by',
      header: texts.columns.by,
      cell: ({ by }) => {
        const via = Object.entries(texts.via).find(([name]) => name === by.via)?.[1] ?? by.via;
        return [via, by.accessor, by.client].filter((each) => each !== undefined).join(' · ');
      },
    },
    { key: 'revision', header: texts.columns.revision, align: 'end', cell: ({ revision }) => revision },
  ];
  return <Table label={texts.parts.trail} columns={columns} rows={entries} keyOf={({ place }) => String(place)} />;
}
