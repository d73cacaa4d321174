import type { Overview } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { Link } from '../ui/link.tsx';
import { Empty, Note, Shown } from '../ui/note.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { FleetSummary } from './fleet-summary.tsx';
import { overviewTexts } from './overview-texts.ts';
import { ProgramTable } from './program-table.tsx';
import { useFleetActions } from './use-fleet-actions.ts';
import { useHistories } from './use-history.ts';
import './overview.css';

/** The whole fleet at a glance: what needs a look first, then every program with its state. */
export function OverviewPage(): JSX.Element {
  const texts = useTexts(overviewTexts);
  const format = useFormat();
  const { answer, reload } = useResource<Overview>('/api/overview', { event: 'overview' });
  const fleet = answer.kind === 'ready' ? answer.value.fleet : undefined;
  const lead =
    answer.kind !== 'ready'
      ? undefined
      : fleet === undefined
        ? texts.noFleet
        : `${fleet.name} · ${fleet.version} · ${texts.uptime(format.age(fleet.uptimeMs))}`;
  return (
    <Page title={texts.title} lead={lead}>
      <Shown answer={answer} reload={reload}>
        {(overview) => <Fleet overview={overview} />}
      </Shown>
    </Page>
  );
}

function Fleet({ overview }: { readonly overview: Overview }): JSX.Element {
  const texts = useTexts(overviewTexts);
  const { language } = useApp().preferences;
  const actions = useFleetActions();
  const histories = useHistories(overview);
  const lasting = overview.alerts.filter(({ endedMs }) => endedMs === undefined);
  return (
    <>
      {overview.troubles.map(({ source, message }) => (
        <Note key={source + message} tone="warn">
          <b>{texts.sources[source]}</b> {message}
        </Note>
      ))}
      {lasting.map(({ id, severity, text, link }) => (
        <Note key={id} tone={severity === 'critical' ? 'bad' : 'warn'} tools={<Link to={link}>{texts.show}</Link>}>
          {text[language.value]}
        </Note>
      ))}
      <FleetSummary overview={overview} />
      <Panel flush>
        {overview.programs.length === 0 ? (
          <Empty title={texts.nothing}>{texts.nothingText}</Empty>
        ) : (
          <ProgramTable programs={overview.programs} actions={actions} histories={histories} />
        )}
      </Panel>
    </>
  );
}
