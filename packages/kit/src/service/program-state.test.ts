import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceProgram, healthStateOf, type ProgramEvent, type ProgramState } from './program-state.ts';

const states = {
  starting: { kind: 'starting' },
  warming: { kind: 'warming' },
  binding: { kind: 'binding', othersServe: false },
  'binding beside others': { kind: 'binding', othersServe: true },
  listening: { kind: 'listening' },
  ready: { kind: 'ready' },
  draining: { kind: 'draining', replaced: false },
  'draining for others': { kind: 'draining', replaced: true },
  closing: { kind: 'closing' },
  stopped: { kind: 'stopped' },
  failed: { kind: 'failed' },
} as const satisfies Readonly<Record<string, ProgramState>>;

const events = {
  built: { kind: 'built', othersServe: false },
  'built beside others': { kind: 'built', othersServe: true },
  warm: { kind: 'warm' },
  bound: { kind: 'bound' },
  well: { kind: 'well' },
  stop: { kind: 'stop' },
  replaced: { kind: 'replaced', deregister: false, limitMs: 7 },
  drained: { kind: 'drained' },
  closed: { kind: 'closed' },
  failed: { kind: 'failed', code: 78 },
} as const satisfies Readonly<Record<string, ProgramEvent>>;

/** All that is drawn in the decision: every other pair of state and event changes nothing and asks for nothing. */
const drawn: Readonly<Record<string, string>> = {
  'starting, built': 'binding: bind',
  'starting, built beside others': 'warming: warm-up',
  'warming, warm': 'binding beside others: bind',
  'binding, bound': 'listening: await-checks',
  'binding beside others, bound': 'listening: await-checks',
  'listening, well': 'ready: announce',
  'starting, stop': 'draining: drain, deregister, begun',
  'warming, stop': 'draining: drain, deregister',
  'binding, stop': 'draining: drain, deregister, begun',
  'binding beside others, stop': 'draining: drain, deregister, begun',
  'listening, stop': 'draining: drain, deregister, delay',
  'ready, stop': 'draining: drain, deregister, delay',
  'starting, replaced': 'draining for others: drain, 7 ms, begun',
  'warming, replaced': 'draining for others: drain, 7 ms',
  'binding, replaced': 'draining for others: drain, 7 ms, begun',
  'binding beside others, replaced': 'draining for others: drain, 7 ms, begun',
  'listening, replaced': 'draining for others: drain, 7 ms',
  'ready, replaced': 'draining for others: drain, 7 ms',
  'draining for others, stop': 'draining for others: hurry',
  'draining, drained': 'closing: close',
  'draining for others, drained': 'closing: close',
  'closing, closed': 'stopped: exit 0',
  'starting, failed': 'failed: exit 78',
  'warming, failed': 'failed: exit 78',
  'binding, failed': 'failed: exit 78',
  'binding beside others, failed': 'failed: exit 78',
  'listening, failed': 'failed: exit 78',
  'ready, failed': 'failed: exit 78',
};

function nameOf(state: ProgramState): string {
  if (state.kind === 'binding' && state.othersServe) return 'binding beside others';
  return state.kind === 'draining' && state.replaced ? 'draining for others' : state.kind;
}

function shown(before: ProgramState, event: ProgramEvent): string | undefined {
  const { state, action } = advanceProgram(before, event);
  const name = nameOf(state);
  switch (action.kind) {
    case 'none':
      return state === before ? undefined : `${name}: none`;
    case 'exit':
      return `${name}: exit ${action.code}`;
    case 'drain': {
      const { deregister, delay, limitMs, begun } = action;
      const limit = limitMs === undefined ? [] : [`${limitMs} ms`];
      const parts = ['drain', ...(deregister ? ['deregister'] : []), ...(delay ? ['delay'] : []), ...limit];
      return `${name}: ${[...parts, ...(begun ? ['begun'] : [])].join(', ')}`;
    }
    default:
      return `${name}: ${action.kind}`;
  }
}

test('every event in every state does what the diagram shows, or nothing', () => {
  const found: Record<string, string> = {};
  for (const [stateName, state] of Object.entries(states)) {
    for (const [eventName, event] of Object.entries(events)) {
      const outcome = shown(state, event);
      if (outcome !== undefined) found[`${stateName}, ${eventName}`] = outcome;
    }
  }
  const sorted = (table: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(table)
      .map(([pair, outcome]) => `${pair} -> ${outcome}`)
      .sort();
  assert.deepEqual(sorted(found), sorted(drawn));
});

test('a worker that takes one port after another beside others never calls the program not ready', () => {
  let state: ProgramState = { kind: 'starting' };
  const health = (['built beside others', 'warm', 'bound', 'well', 'replaced'] as const).map((name) => {
    ({ state } = advanceProgram(state, events[name]));
    return healthStateOf(state);
  });
  assert.deepEqual(health, ['ready', 'ready', 'ready', 'ready', 'replaced']);
});
