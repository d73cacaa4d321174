import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointsIn } from './consul-entry.ts';

function entry(node: string, service: object, checks: readonly string[] = ['passing']): object {
  return {
    Node: { Node: node, Address: '10.0.0.1' },
    Service: { ID: 'a', Service: 'ships', Port: 80, ...service },
    Checks: checks.map((Status) => ({ CheckID: Status, Status })),
  };
}

test('fields that a service leaves out come from its node, or have defaults', () => {
  const [endpoint] = endpointsIn([entry('n1', { Address: '', Meta: null, Tags: null })]);
  assert.deepEqual(endpoint, {
    ...{ id: 'a', scheme: 'http', address: '10.0.0.1', port: 80, weight: 1, tags: [], metadata: {} },
    ...{ zone: undefined, version: undefined },
  });
});

test('a warning gets traffic, by the weight for warnings; anything critical gets none, of the node too', () => {
  const weights = { Weights: { Passing: 10, Warning: 2 } };
  assert.equal(endpointsIn([entry('n1', weights, ['passing', 'warning'])])[0]?.weight, 2);
  assert.equal(endpointsIn([entry('n1', weights, ['passing'])])[0]?.weight, 10);
  assert.equal(endpointsIn([entry('n1', weights, [])])[0]?.weight, 10);
  assert.deepEqual(endpointsIn([entry('n1', weights, ['warning', 'critical'])]), []);
});

test('what cannot be called is left out: no port, no address', () => {
  for (const service of [{ Port: 0 }, { Port: -1 }, { Port: 70_000 }, { Address: 'no host' }])
    assert.deepEqual(endpointsIn([entry('n1', service)]), [], JSON.stringify(service));
});

test('an id that two nodes have is told apart by the node, whatever the order', () => {
  const entries = [entry('n2', {}), entry('n1', {}), entry('n3', {})];
  const ids = (list: readonly object[]): readonly string[] => endpointsIn(list).map(({ id }) => id);
  assert.deepEqual(ids(entries), ['a', 'a@n2', 'a@n3']);
  assert.deepEqual(ids(entries.toReversed()), ['a', 'a@n2', 'a@n3']);
});

test('metadata says zone, version, HTTPS and a weight of 0; what only registries are told is not shown', () => {
  const Meta = { zone: 'north', version: '2', secure: 'true', 'flotilla-owner': 'x', 'flotilla-weight': '0' };
  const [endpoint] = endpointsIn([entry('n1', { Meta, Locality: { Region: 'r', Zone: 'other' } })]);
  assert.deepEqual(
    [endpoint?.zone, endpoint?.version, endpoint?.scheme, endpoint?.weight, endpoint?.metadata],
    ['north', '2', 'https', 0, { zone: 'north', version: '2', secure: 'true' }],
  );
  assert.equal(endpointsIn([entry('n1', { Locality: { Zone: 'b' } })])[0]?.zone, 'b');
});
