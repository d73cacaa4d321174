import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Topology, TopologyEdge, TopologyNode } from '@flotilla/dashboard/wire';
import { neighboursOf } from './neighbours.ts';

const topology: Topology = {
  fromMs: 0,
  toMs: 1,
  nodes: ['clients', 'gateway', 'user-service', 'order-service', 'idle'].map(node),
  edges: [edge('clients', 'gateway'), edge('gateway', 'user-service'), edge('gateway', 'order-service')],
};

test('without a text everything is there', () => {
  assert.equal(neighboursOf(topology, '  '), topology);
});

test('what is meant stays with whoever calls it and what it calls, and nothing else', () => {
  const { nodes, edges } = neighboursOf(topology, 'User');
  assert.deepEqual(
    nodes.map(({ id }) => id),
    ['gateway', 'user-service'],
  );
  assert.deepEqual(
    edges.map(({ to }) => to),
    ['user-service'],
  );
});

test('a node without calls is found, and a name that nobody has finds nothing', () => {
  assert.deepEqual(
    neighboursOf(topology, 'idle').nodes.map(({ id }) => id),
    ['idle'],
  );
  assert.deepEqual(neighboursOf(topology, 'none').nodes, []);
});

function node(id: string): TopologyNode {
  return { id, kind: 'service', label: id };
}

function edge(from: string, to: string): TopologyEdge {
  return { from, to, protocol: 'http', traffic: { requestsPerSecond: 1, errorShare: 0 } };
}
