import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from './metrics.ts';
import { processMetrics } from './process-metrics.ts';
import type { TraceContext } from './trace-context.ts';

const openMetrics = 'application/openmetrics-text; version=1.0.0';

describe('metrics', () => {
  it('shows counters and gauges with their labels', () => {
    const metrics = createMetrics();
    metrics
      .counter({ name: 'calls_total', help: 'Calls.', labels: ['to'] })
      .labels('a')
      .inc(2);
    metrics.gauge({ name: 'open', help: 'Open.' }).labels().set(-1.5);
    assert.deepEqual(metrics.render().body.split('\n'), [
      '# HELP calls_total Calls.',
      '# TYPE calls_total counter',
      'calls_total{to="a"} 2',
      '# HELP open Open.',
      '# TYPE open gauge',
      'open -1.5',
      '',
    ]);
  });

  it('counts an observation into every bucket at or above it', () => {
    const metrics = createMetrics();
    const series = metrics.histogram({ name: 'd_seconds', help: 'D.', buckets: [0.1, 1], labels: ['r'] }).labels('/x');
    for (const value of [0.1, 0.100001, 1, 7]) series.observe(value);
    const { body } = metrics.render();
    assert.match(body, /d_seconds_bucket\{r="\/x",le="0\.1"\} 1\n/);
    assert.match(body, /d_seconds_bucket\{r="\/x",le="1\.0"\} 3\n/);
    assert.match(body, /d_seconds_bucket\{r="\/x",le="\+Inf"\} 4\n/);
    assert.match(body, /d_seconds_sum\{r="\/x"\} 8\.200001\n/);
    assert.match(body, /d_seconds_count\{r="\/x"\} 4\n/);
  });

  it('does not count what is no number, which would spoil the sum for good', () => {
    const metrics = createMetrics();
    const series = metrics.histogram({ name: 'd_seconds', help: 'D.', buckets: [1] }).labels();
    for (const value of [Number.NaN, 0.5]) series.observe(value);
    assert.match(metrics.render().body, /d_seconds_sum 0\.5\nd_seconds_count 1\n/);
  });

  it('answers in OpenMetrics on request', () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'calls_total', help: 'Calls.' }).labels().inc();
    const rendered = metrics.render(openMetrics);
    assert.equal(rendered.contentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    assert.equal(rendered.body, '# HELP calls Calls.\n# TYPE calls counter\ncalls_total 1\n# EOF\n');
    // What a Prometheus server sends.
    const prometheus = `${openMetrics};q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`;
    assert.match(metrics.render(prometheus).contentType, /openmetrics/);
    for (const accept of [undefined, '*/*', 'text/plain', `${openMetrics};q=0`, `${openMetrics};q=0.3,text/plain`])
      assert.equal(metrics.render(accept).contentType, 'text/plain; version=0.0.4; charset=utf-8', accept);
  });

  it('names in OpenMetrics the latest kept span of each bucket, and in the text format none', () => {
    let nowMs = 1_000_500;
    const metrics = createMetrics(() => nowMs);
    const series = metrics.histogram({ name: 'd_seconds', help: 'D.', buckets: [0.1, 1] }).labels();
    const span = (digit: string): TraceContext => ({
      traceId: digit.repeat(32),
      spanId: digit.repeat(16),
      sampled: true,
    });
    series.observe(0.05, span('a'));
    nowMs += 1_000;
    series.observe(0.06, span('b'));
    series.observe(0.07);
    series.observe(7, span('c'));
    const { body } = metrics.render(openMetrics);
    const ids = (digit: string): string => `trace_id="${digit.repeat(32)}",span_id="${digit.repeat(16)}"`;
    assert.deepEqual(body.split('\n').slice(2, 5), [
      `d_seconds_bucket{le="0.1"} 3 # {${ids('b')}} 0.06 1001.500`,
      'd_seconds_bucket{le="1.0"} 3',
      `d_seconds_bucket{le="+Inf"} 4 # {${ids('c')}} 7 1001.500`,
    ]);
    assert.doesNotMatch(metrics.render().body, /trace_id|[^\n]#/);
  });

  it('escapes label values and help texts', () => {
    const metrics = createMetrics();
    metrics
      .gauge({ name: 'g', help: 'a\nb\\c', labels: ['l'] })
      .labels('"\\\n')
      .set(1);
    assert.equal(metrics.render().body, '# HELP g a\\nb\\\\c\n# TYPE g gauge\ng{l="\\"\\\\\\n"} 1\n');
  });

  it('limits the label sets and keeps the sum right', () => {
    const metrics = createMetrics();
    const calls = metrics.counter({ name: 'calls_total', help: '', labels: ['path', 'by'], maxSeries: 2 });
    for (const path of ['a', 'b', 'c', 'd', 'a']) calls.labels(path, 'x').inc();
    const lines = metrics
      .render()
      .body.split('\n')
      .filter((line) => line.startsWith('calls_total{'));
    assert.deepEqual(lines, [
      'calls_total{path="a",by="x"} 2',
      'calls_total{path="b",by="x"} 1',
      'calls_total{path="_other",by="_other"} 2',
    ]);
  });

  it('returns the same series for the same labels, even if the metric is created twice', () => {
    const metrics = createMetrics();
    const options = { name: 'calls_total', help: '', labels: ['a'] };
    assert.equal(metrics.counter(options).labels('x'), metrics.counter(options).labels('x'));
    assert.notEqual(metrics.counter(options).labels('x'), metrics.counter(options).labels('y'));
  });

  it('distinguishes label values that would look alike when joined', () => {
    const metrics = createMetrics();
    const family = metrics.counter({ name: 'c_total', help: '', labels: ['a', 'b'] });
    assert.notEqual(family.labels('x,y', ''), family.labels('x', ',y'));
  });

  it('refuses obvious mistakes', () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'c_total', help: '', labels: ['a'] });
    assert.throws(() => metrics.gauge({ name: 'c_total', help: '', labels: ['a'] }), /already exists/);
    assert.throws(() => metrics.counter({ name: 'c_total', help: '', labels: ['b'] }), /already exists/);
    assert.throws(() => metrics.counter({ name: 'c_total', help: '', labels: ['a'] }).labels(), /1 labels, but 0/);
    assert.throws(() => metrics.counter({ name: 'calls', help: '' }), /must end in _total/);
    assert.throws(() => metrics.gauge({ name: 'a-b', help: '' }), /is not a valid name/);
    assert.throws(() => metrics.histogram({ name: 'h', help: '', buckets: [1, 1] }), /must be in ascending order/);
  });

  it('shows the process metrics under the usual names', () => {
    const metrics = createMetrics();
    processMetrics(metrics, { service: 's', instance: 'i' });
    const { body } = metrics.render();
    assert.match(body, /target_info\{service_name="s",service_instance_id="i",service_version=""\} 1/);
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds'])
      assert.match(body, new RegExp(`^${name}`, 'm'));
    assert.doesNotMatch(body, /NaN|undefined/);
  });
});
