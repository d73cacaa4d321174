import type { ConfigScopes, ConfigSetting, ServiceConfig } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useApp, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Shown } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { RegistryFrame } from './registry-frame.tsx';
import { registryTexts } from './registry-texts.ts';
import { settableFirst } from './settable-first.ts';
import { SettingDialog } from './setting-dialog.tsx';

/** The service that stands for all. */
const sharedName = 'shared';

/** Central configuration: what each service can be told from here, and what it is told. */
export function ConfigPage(): JSX.Element {
  const texts = useTexts(registryTexts);
  const { router } = useApp();
  const { answer } = useResource<ConfigScopes>('/api/registry/config', { everyMs: 5_000 });
  const services = answer.kind === 'ready' ? answer.value.services.map(({ name }) => name) : [];
  const service = router.place.value.query.get('service') ?? services[0] ?? sharedName;
  const choices = [sharedName, ...services, ...(services.includes(service) || service === sharedName ? [] : [service])];
  return (
    <RegistryFrame
      part="config"
      tools={
        <label class="line">
          <span class="muted">{texts.configOf}</span>
          <select
            class="input"
            value={service}
            onChange={(event) => router.setQuery({ service: event.currentTarget.value })}
          >
            {choices.map((name) => (
              <option key={name} value={name}>
                {name === sharedName ? texts.shared : name}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Shown answer={answer}>{() => <Settings service={service} />}</Shown>
    </RegistryFrame>
  );
}

function Settings({ service }: { readonly service: string }): JSX.Element {
  const texts = useTexts(registryTexts);
  const [edited, setEdited] = useState<ConfigSetting | undefined>(undefined);
  const { answer, reload } = useResource<ServiceConfig>(`/api/registry/config/${encodeURIComponent(service)}`, {
    everyMs: 3_000,
  });
  return (
    <Shown answer={answer} reload={reload}>
      {({ settings }) => (
        <>
          <Panel flush>
            {settings.length === 0 ? (
              <Empty title={texts.noSchema}>{texts.noSchemaText}</Empty>
            ) : (
              <Rows settings={settableFirst(settings)} onEdit={setEdited} />
            )}
          </Panel>
          {edited !== undefined && (
            <SettingDialog
              service={service}
              serviceWords={service === sharedName ? texts.shared : service}
              setting={edited}
              onClose={() => {
                setEdited(undefined);
                reload();
              }}
            />
          )}
        </>
      )}
    </Shown>
  );
}

function Rows({
  settings,
  onEdit,
}: {
  readonly settings: readonly ConfigSetting[];
  readonly onEdit: (setting: ConfigSetting) => void;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  const columns: readonly Column<ConfigSetting>[] = [
    {
      key: 'setting',
      header: texts.columns.setting,
      cell: ({ name, describe, local }) => (
        <>
          <span class="setting-name mono">{name}</span>
          <span class="setting-about">
            {describe ?? <span class="much">{texts.unknownSetting}</span>} {local}
          </span>
        </>
      ),
    },
    { key: 'value', header: texts.columns.value, wide: true, cell: (setting) => <Value setting={setting} /> },
    {
      key: 'default',
      header: texts.columns.default,
      cell: ({ default: standard = '' }) => standard !== '' && <code class="breaks muted">{standard}</code>,
    },
    {
      key: 'effect',
      header: texts.columns.effect,
      cell: ({ live, local }) => local === undefined && (live ? texts.live : texts.atStart),
    },
    {
      key: 'actions',
      header: texts.columns.actions,
      hideHeader: true,
      align: 'end',
      cell: (setting) =>
        (setting.local === undefined || setting.value !== undefined) && (
          <Button icon="edit" look="quiet" label={texts.edit(setting.name)} onClick={() => onEdit(setting)} />
        ),
    },
  ];
  return <Table label={texts.parts.config} columns={columns} rows={settings} keyOf={({ name }) => name} />;
}

function Value({
  setting: { value, shared, local, isHidden, problem },
}: {
  readonly setting: ConfigSetting;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  return (
    <>
      {isHidden ? (
        <span class="muted">{texts.hidden}</span>
      ) : value !== undefined ? (
        <code class="breaks">{value}</code>
      ) : shared !== undefined ? (
        <>
          <code class="breaks">{shared}</code> <span class="muted">{texts.fromShared}</span>
        </>
      ) : (
        <span class="muted">{local === undefined ? texts.notSet : texts.notHere}</span>
      )}
      {problem !== undefined && <p class="much breaks">{problem}</p>}
    </>
  );
}
