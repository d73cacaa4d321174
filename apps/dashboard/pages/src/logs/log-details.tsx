import type { LogRow } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/page.tsx';
import { LevelLabel } from './level-label.tsx';
import { logFields } from './log-fields.ts';
import { logsTexts } from './logs-texts.ts';

/** A line with all of its structure. */
export function LogDetails({ line, onClose }: { readonly line: LogRow; readonly onClose: () => void }): JSX.Element {
  const texts = useTexts(logsTexts);
  const format = useFormat();
  const fields = logFields(line.fields);
  const json = JSON.stringify(line, undefined, 2);
  return (
    <Panel
      title={texts.line}
      tools={
        <>
          <CopyButton text={json} label={texts.asJson} />
          <Button icon="close" look="quiet" label={texts.close} onClick={onClose} />
        </>
      }
    >
      <div class="stack">
        <p class="breaks">{line.message}</p>
        <dl class="details">
          <dt>{texts.time}</dt>
          <dd class="numeric">{format.moment(line.atMs)}</dd>
          <dt>{texts.columns.level}</dt>
          <dd>
            <LevelLabel level={line.level} />
          </dd>
          <dt>{texts.program}</dt>
          <dd>
            {line.service}
            {line.instanceId !== undefined && <span class="muted"> · {line.instanceId}</span>}
          </dd>
        </dl>
        <div class="line">
          {line.traceId !== undefined && (
            <>
              <Link to={`/traces/${line.traceId}${line.spanId === undefined ? '' : `?span=${line.spanId}`}`}>
                {texts.openTrace}
              </Link>
              <Link to={`/logs?trace_id=${line.traceId}`}>{texts.sameTrace}</Link>
            </>
          )}
          {line.instanceId !== undefined && (
            <Link to={`/logs?instance=${encodeURIComponent(line.instanceId)}`}>{texts.sameInstance}</Link>
          )}
        </div>
        {fields.length > 0 && (
          <>
            <h3>{texts.fields}</h3>
            <dl class="details attributes">
              {fields.flatMap(({ path, text }) => [
                <dt key={`${path} name`}>{path}</dt>,
                <dd key={path} class="value">
                  {text}
                </dd>,
              ])}
            </dl>
          </>
        )}
      </div>
    </Panel>
  );
}
