import type { LogRow } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { LevelLabel } from '../logs/level-label.tsx';
import { logLine } from '../logs/log-line.ts';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/page.tsx';
import { traceTexts } from './trace-texts.ts';

/** The lines of logs that belong to a trace, oldest first, as it happened. A click shows the span that wrote a line. */
export function TraceLogs({
  traceId,
  startedMs,
  logs,
  onOpenSpan,
}: {
  readonly traceId: string;
  readonly startedMs: number;
  readonly logs: readonly LogRow[];
  readonly onOpenSpan: (spanId: string) => void;
}): JSX.Element {
  const texts = useTexts(traceTexts);
  const format = useFormat();
  const ordered = logs.toSorted((a, b) => a.atMs - b.atMs || a.id - b.id);
  return (
    <Panel flush title={texts.logs} tools={<Link to={`/logs?trace_id=${traceId}`}>{texts.allLogs}</Link>}>
      {ordered.length === 0 && <p class="panel-body muted">{texts.noLogs}</p>}
      <ol class="trace-logs">
        {ordered.map((line) => {
          const { spanId } = line;
          const { text, preview } = logLine(line, format.duration);
          return (
            <li key={line.id}>
              <span class="line">
                <span class="numeric muted">+{format.duration(Math.max(0, line.atMs - startedMs))}</span>
                <LevelLabel level={line.level} />
                <span class="muted">{line.service}</span>
              </span>
              {spanId === undefined ? (
                <span class="message">{text}</span>
              ) : (
                <button type="button" class="message" onClick={() => onOpenSpan(spanId)}>
                  {text}
                </button>
              )}
              <span class="fields">
                {preview.map((field) => (
                  <span key={field.path}>
                    {field.path}=<b>{field.text}</b>
                  </span>
                ))}
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
