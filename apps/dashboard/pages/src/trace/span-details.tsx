import type { TraceSpan } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { logFields } from '../logs/log-fields.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Link } from '../ui/link.tsx';
import { Note } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { traceTexts } from './trace-texts.ts';

/** All that is known of a span. */
export function SpanDetails({
  span,
  ownMs,
  onZoom,
  onClose,
}: {
  readonly span: TraceSpan;
  readonly ownMs: number;
  readonly onZoom: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const texts = useTexts(traceTexts);
  const format = useFormat();
  const attributes = logFields(span.attributes);
  return (
    <Panel
      title={<span class="breaks">{span.name}</span>}
      tools={
        <>
          {span.failed && <Badge tone="bad">{texts.failed}</Badge>}
          <Button icon="search" look="quiet" label={texts.zoom} onClick={onZoom} />
          <Button icon="close" look="quiet" label={texts.close} onClick={onClose} />
        </>
      }
    >
      <div class="stack">
        {span.message !== undefined && <Note tone={span.failed ? 'bad' : 'calm'}>{span.message}</Note>}
        <dl class="details">
          <dt>{texts.service}</dt>
          <dd>
            {span.service}
            {span.instanceId !== undefined && <span class="muted"> · {span.instanceId}</span>}
          </dd>
          <dt>{texts.kind}</dt>
          <dd>{texts.kinds[span.kind]}</dd>
          <dt>{texts.starts}</dt>
          <dd class="numeric">{format.duration(span.offsetMs)}</dd>
          <dt>{texts.duration}</dt>
          <dd class="numeric">
            {format.duration(span.durationMs)}{' '}
            <span class="muted">
              {texts.own} {format.duration(ownMs)}
            </span>
          </dd>
        </dl>
        {attributes.length > 0 && (
          <>
            <h3>{texts.attributes}</h3>
            <dl class="details attributes">
              {attributes.flatMap(({ path, text }) => [
                <dt key={`${path} name`}>{path}</dt>,
                <dd key={path}>{text}</dd>,
              ])}
            </dl>
          </>
        )}
        {span.events.length > 0 && <h3>{texts.events}</h3>}
        {span.events.map((event, index) => (
          <div key={index} class="event">
            <b>{event.name}</b> <span class="muted numeric">{format.duration(event.offsetMs)}</span>
            <dl class="details attributes">
              {logFields(event.attributes).flatMap(({ path, text }) => [
                <dt key={`${path} name`}>{path}</dt>,
                <dd key={path}>{text}</dd>,
              ])}
            </dl>
          </div>
        ))}
        {span.links.length > 0 && <h3>{texts.links}</h3>}
        {span.links.map(({ traceId, spanId }) => (
          <Link key={traceId + spanId} to={`/traces/${traceId}?span=${spanId}`} class="mono">
            {traceId}
          </Link>
        ))}
      </div>
    </Panel>
  );
}
