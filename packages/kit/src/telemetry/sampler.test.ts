import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSampler, samplerNames } from './sampler.ts';
import { type TraceContext, TraceIds } from './trace-context.ts';
import { replaceThreshold } from './tracestate.ts';

const ids = new TraceIds();
const ofCaller = (sampled: boolean): TraceContext => ({ ...ids.newTrace(), sampled });

test('a sampler decides about new traces, and obeys its caller only if it is parent-based', () => {
  const decisions = samplerNames.map((name) => {
    const sampler = createSampler(name, 1);
    const child = (sampled: boolean): boolean => sampler.child(ids.childOf(ofCaller(sampled))).sampled;
    return [name, sampler.root(ids.newTrace()).sampled, child(true), child(false)];
  });
  assert.deepEqual(decisions, [
    ['always_on', true, true, true],
    ['always_off', false, false, false],
    ['traceidratio', true, true, true],
    ['parentbased_always_on', true, true, false],
    ['parentbased_always_off', false, true, false],
    ['parentbased_traceidratio', true, true, false],
  ]);
});

test('a ratio keeps its share of traces, and says how many each stands for', () => {
  for (const [probability, state] of [
    [0.5, 'ot=th:8'],
    [0.1, 'ot=th:e666'],
    [0.25, 'ot=th:c'],
    [0.001, 'ot=th:ffbe77'],
  ] as const) {
    const sampler = createSampler('parentbased_traceidratio', probability);
    let kept = 0;
    for (let count = 0; count < 20_000; count += 1) {
      const made = sampler.root(ids.newTrace());
      if (!made.sampled) continue;
      kept += 1;
      assert.equal(made.tracestate, state);
    }
    // Six standard deviations.
    const tolerance = 6 * Math.sqrt(20_000 * probability * (1 - probability));
    assert.ok(Math.abs(kept - 20_000 * probability) < tolerance, `${kept} of 20000 at ${probability}`);
  }
});

test('a trace is kept by every program with the same ratio, or a larger one', () => {
  const small = createSampler('traceidratio', 0.1);
  const large = createSampler('traceidratio', 0.3);
  for (let count = 0; count < 5_000; count += 1) {
    const made = ids.newTrace();
    if (small.root(made).sampled) assert.ok(large.root(made).sampled);
  }
});

test('a ratio of 0 keeps nothing, and one of 1 everything', () => {
  assert.equal(createSampler('traceidratio', 0).root(ids.newTrace()).sampled, false);
  assert.equal(createSampler('traceidratio', 1).root(ids.newTrace()).sampled, true);
  // Smaller than can be compared: still not more often than asked.
  assert.equal(
    createSampler('traceidratio', 1e-30).root({ ...ids.newTrace(), traceId: 'a'.repeat(32) }).sampled,
    false,
  );
});

test('the entry of others in tracestate stays', () => {
  assert.equal(replaceThreshold('a=1,ot=th:8;rv:12,b=2', 'c'), 'ot=th:c;rv:12,a=1,b=2');
  assert.equal(replaceThreshold(undefined, '0'), 'ot=th:0');
  const long = `${'k'.repeat(250)}=1,${'l'.repeat(250)}=1`;
  assert.equal(replaceThreshold(long, '8'), `ot=th:8,${'k'.repeat(250)}=1`);
});
