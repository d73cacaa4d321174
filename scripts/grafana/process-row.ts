import type { Row } from './panel.ts';
import { rate, valuePanel } from './queries.ts';

/** What each process uses, of the programs that `selector` names. */
export function processRow(selector: string): Row {
  const of = 'job, instance';
  return {
    title: 'Processes',
    panels: [
      valuePanel(
        'CPU',
        'percentunit',
        `sum by (${of}) (rate(process_cpu_seconds_total{${selector}}${rate}))`,
        '{{instance}}',
      ),
      valuePanel('Memory', 'bytes', `sum by (${of}) (process_resident_memory_bytes{${selector}})`, '{{instance}}'),
      valuePanel(
        'Event loop delay, p99',
        's',
        `max by (${of}) (nodejs_eventloop_lag_seconds{${selector}, quantile="0.99"})`,
        '{{instance}}',
        'How long everything waits because something computes.',
      ),
      valuePanel(
        'Event loop utilization',
        'percentunit',
        `max by (${of}) (nodejs_eventloop_utilization_ratio{${selector}})`,
        '{{instance}}',
      ),
      valuePanel(
        'JavaScript heap',
        'bytes',
        `sum by (${of}) (nodejs_heap_size_used_bytes{${selector}})`,
        '{{instance}}',
      ),
      valuePanel('Open files', 'short', `sum by (${of}) (process_open_fds{${selector}})`, '{{instance}}'),
    ],
  };
}
