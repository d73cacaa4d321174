import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useApp, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Shown } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { DeleteKeyDialog, KeyDialog } from './key-dialogs.tsx';
import { RegistryFrame } from './registry-frame.tsx';
import { registryTexts } from './registry-texts.ts';
import type { ShownKey } from './registry-types.ts';
import { RevealedValue } from './revealed-value.tsx';

type Doing =
  | { readonly kind: 'edit'; readonly record: ShownKey | undefined }
  | { readonly kind: 'delete'; readonly record: ShownKey };

/** More are found by a longer prefix. */
const mostKeys = 500;

/** The keys of the registry: read, written and deleted, never over what somebody else has written meanwhile. */
export function KeysPage(): JSX.Element {
  const texts = useTexts(registryTexts);
  const { router } = useApp();
  const prefix = router.place.value.query.get('prefix') ?? '';
  const [doing, setDoing] = useState<Doing | undefined>(undefined);
  const query = new URLSearchParams({ prefix, limit: String(mostKeys) });
  const { answer, reload } = useResource<readonly ShownKey[]>(`/api/registry/kv?${query.toString()}`, {
    everyMs: 3_000,
    keepPrevious: true,
  });
  const close = (): void => {
    setDoing(undefined);
    reload();
  };
  return (
    <RegistryFrame
      part="keys"
      tools={
        <>
          <SearchBox label={texts.findKeys} value={prefix} onChange={(text) => router.setQuery({ prefix: text })} />
          <Button icon="plus" onClick={() => setDoing({ kind: 'edit', record: undefined })}>
            {texts.newKey}
          </Button>
        </>
      }
    >
      <Shown answer={answer} reload={reload}>
        {(records) => (
          <Panel flush>
            {records.length === 0 ? (
              prefix === '' ? (
                <Empty title={texts.noKeys}>{texts.noKeysText}</Empty>
              ) : (
                <Empty title={texts.noMatch(prefix)} />
              )
            ) : (
              <Keys records={records} onDo={setDoing} />
            )}
          </Panel>
        )}
      </Shown>
      {doing?.kind === 'edit' && <KeyDialog record={doing.record} newKey={prefix} onClose={close} />}
      {doing?.kind === 'delete' && <DeleteKeyDialog record={doing.record} onClose={close} />}
    </RegistryFrame>
  );
}

function Keys({
  records,
  onDo,
}: {
  readonly records: readonly ShownKey[];
  readonly onDo: (doing: Doing) => void;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  const columns: readonly Column<ShownKey>[] = [
    { key: 'key', header: texts.columns.key, cell: ({ key }) => <span class="key-name mono breaks">{key}</span> },
    {
      key: 'value',
      header: texts.columns.value,
      wide: true,
      cell: ({ key, value, hidden }) =>
        hidden === true ? (
          <RevealedValue name={key} />
        ) : value === undefined ? (
          <span class="muted">{texts.binary}</span>
        ) : (
          <code class="preview">{shortened(value)}</code>
        ),
    },
    { key: 'revision', header: texts.columns.revision, align: 'end', cell: ({ revision }) => revision },
    {
      key: 'actions',
      header: texts.columns.actions,
      hideHeader: true,
      align: 'end',
      cell: (record) => (
        <>
          {record.value !== undefined && (
            <Button
              icon="edit"
              look="quiet"
              label={texts.editKey(record.key)}
              onClick={() => onDo({ kind: 'edit', record })}
            />
          )}
          <Button
            icon="trash"
            look="quiet"
            label={texts.deleteKey(record.key)}
            onClick={() => onDo({ kind: 'delete', record })}
          />
        </>
      ),
    },
  ];
  return <Table label={texts.parts.keys} columns={columns} rows={records} keyOf={({ key }) => key} />;
}

/** The beginning of a value: whole ones are in the dialog. */
function shortened(value: string): string {
  const most = 160;
  return value.length <= most ? value : `${value.slice(0, most)}…`;
}
