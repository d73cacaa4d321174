import type { TraceSpan } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { Icon } from '../ui/icon.tsx';
import type { SpanRow } from './span-tree.ts';
import { barOf, type TimeWindow } from './time-scale.ts';
import { traceTexts } from './trace-texts.ts';

/** Room that a duration needs beside its bar. Without it on either side, the bar is long enough to hold it. */
const roomPercent = 22;

/** Levels that are indented. Deeper ones would leave no room for names. */
const mostIndented = 12;

interface WaterfallRowProps {
  readonly id: string;
  readonly row: SpanRow;
  readonly shown: TimeWindow;
  readonly color: string;
  readonly isOpen: boolean;
  readonly isClosed: boolean;
  readonly onOpen: () => void;
  readonly onToggle: () => void;
}

/** A span: its name on the left, its bar with what happened during it on the right. */
export function WaterfallRow(props: WaterfallRowProps): JSX.Element {
  const { id, row, shown, color, isOpen, isClosed, onOpen, onToggle } = props;
  const texts = useTexts(traceTexts);
  const format = useFormat();
  const { span } = row;
  const bar = barOf(span.offsetMs, span.durationMs, shown);
  const attempt = attemptOf(span);
  const duration = format.duration(span.durationMs);
  const endPercent = bar.leftPercent + bar.widthPercent;
  const place = endPercent <= 100 - roomPercent ? 'right' : bar.leftPercent >= roomPercent ? 'left' : 'within';
  return (
    <div
      id={id}
      class="span"
      role="treeitem"
      aria-level={row.level}
      aria-selected={isOpen}
      aria-expanded={row.hasChildren ? !isClosed : undefined}
      data-failed={span.failed ? '' : undefined}
      data-outside={bar.isOutside ? '' : undefined}
      style={{ '--color': color, '--level': Math.min(row.level - 1, mostIndented) }}
      onClick={onOpen}
    >
      <span class="name">
        {row.hasChildren ? (
          <span
            class="toggle"
            data-closed={isClosed ? '' : undefined}
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
          >
            <Icon name="down" size={11} />
          </span>
        ) : (
          <span class="toggle" />
        )}
        <i class="color" />
        <span class={row.isOtherService ? 'service' : 'unseen'}>{span.service}</span>
        <span class="operation" title={span.name}>
          {span.name}
        </span>
        {attempt !== undefined && (attempt !== '1' || span.failed) && (
          <span class="attempt">{texts.attempt(attempt)}</span>
        )}
        {isClosed && <span class="attempt">+{row.below}</span>}
        {span.failed && (
          <>
            <Icon name="error" size={13} />
            <span class="unseen">{texts.failed}</span>
          </>
        )}
      </span>
      <span class="track">
        <span class="bar" style={{ left: `${bar.leftPercent}%`, width: `max(2px, ${bar.widthPercent}%)` }}>
          {place === 'within' && <span class="took">{duration}</span>}
        </span>
        {span.events.map((event, index) => {
          const mark = barOf(event.offsetMs, 0, shown);
          return mark.isOutside ? null : <i key={index} class="mark" style={{ left: `${mark.leftPercent}%` }} />;
        })}
        {place === 'right' && (
          <span class="took" style={{ left: `${endPercent}%` }}>
            {duration}
          </span>
        )}
        {place === 'left' && (
          <span class="took" style={{ right: `${100 - bar.leftPercent}%` }}>
            {duration}
          </span>
        )}
      </span>
    </div>
  );
}

/** Which attempt of the gateway a span is, as it is written; undefined if it is none. */
function attemptOf(span: TraceSpan): string | undefined {
  const attempt = span.attributes['flotilla.attempt'];
  return typeof attempt === 'number' || typeof attempt === 'string' ? String(attempt) : undefined;
}
