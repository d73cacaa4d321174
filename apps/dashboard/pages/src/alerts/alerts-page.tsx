import type { Alerts, AlertView } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { Badge } from '../ui/badge.tsx';
import { Link } from '../ui/link.tsx';
import { Empty, Shown } from '../ui/note.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { alertsTexts } from './alerts-texts.ts';
import './alerts.css';

const everyMs = 5_000;

/** What a person should look at, and what has ended; each with a link to what shows it. */
export function AlertsPage(): JSX.Element {
  const texts = useTexts(alertsTexts);
  const format = useFormat();
  const { answer, reload } = useResource<Alerts>('/api/alerts', { everyMs });
  const alerts = answer.kind === 'ready' ? answer.value.alerts : [];
  const lasting = alerts.filter(({ endedMs }) => endedMs === undefined);
  const ended = alerts.filter(({ endedMs }) => endedMs !== undefined);
  return (
    <Page title={texts.title} lead={lasting.length > 0 && texts.ongoing(format.number(lasting.length))}>
      <Shown answer={answer} reload={reload}>
        {() => (
          <>
            {lasting.length === 0 ? (
              <Panel>
                <Empty title={texts.calm}>{texts.calmText}</Empty>
              </Panel>
            ) : (
              <AlertPanel title={texts.lasting} alerts={lasting} />
            )}
            {ended.length > 0 && <AlertPanel title={texts.ended} alerts={ended} />}
          </>
        )}
      </Shown>
    </Page>
  );
}

function AlertPanel({ title, alerts }: { readonly title: string; readonly alerts: readonly AlertView[] }): JSX.Element {
  return (
    <Panel title={title} flush>
      <ul class="alerts">
        {alerts.map((alert) => (
          <Alert key={`${alert.id}-${alert.sinceMs}`} alert={alert} />
        ))}
      </ul>
    </Panel>
  );
}

function Alert({ alert }: { readonly alert: AlertView }): JSX.Element {
  const { nowMs, preferences } = useApp();
  const texts = useTexts(alertsTexts);
  const format = useFormat();
  const now = nowMs.value;
  const age = (fromMs: number, toMs: number): string => format.age(Math.max(0, toMs - fromMs));
  const tone = alert.endedMs !== undefined ? 'calm' : alert.severity === 'critical' ? 'bad' : 'warn';
  return (
    <li data-tone={tone}>
      <div class="line">
        <Badge tone={tone}>{texts.severity[alert.severity]}</Badge>
        <b>{texts.kinds[alert.kind]}</b>
        <span>{alert.subject}</span>
        <span class="muted numeric" title={format.moment(alert.sinceMs)}>
          {alert.endedMs === undefined
            ? texts.since(age(alert.sinceMs, now))
            : texts.lasted(age(alert.sinceMs, alert.endedMs), age(alert.endedMs, now))}
        </span>
      </div>
      <p class="breaks">{alert.text[preferences.language.value]}</p>
      <Link to={alert.link} label={`${texts.show}: ${alert.subject}, ${texts.kinds[alert.kind]}`}>
        {texts.show} →
      </Link>
    </li>
  );
}
