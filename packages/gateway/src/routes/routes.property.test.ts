import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalTarget } from '../target/normal-target.ts';
import { checkGatewayConfig } from './check-gateway-config.ts';
import { parsePattern } from './pattern.ts';
import { compileRelocation } from './relocation.ts';
import { compileRewrite, rewriteTarget } from './rewrite.ts';
import { RouteTable, type TableEntry } from './route-table.ts';

const word = fc.constantFrom('a', 'b', 'c');
const segment = fc.oneof(
  { weight: 3, arbitrary: word },
  { weight: 2, arbitrary: fc.constantFrom('{x}', '{y}', '{z}') },
);
const pattern = fc
  .tuple(
    fc.uniqueArray(segment, { maxLength: 3, selector: (text) => (text.startsWith('{') ? text : {}) }),
    fc.boolean(),
  )
  .map(([segments, subtree]) => (segments.length === 0 ? '/' : `/${segments.join('/')}${subtree ? '/' : ''}`));
const methods = fc.option(fc.uniqueArray(fc.constantFrom('GET', 'PUT', 'POST'), { minLength: 1 }), { nil: undefined });
const path = fc
  .tuple(fc.array(word, { maxLength: 4 }), fc.boolean())
  .map(([words, slash]) => `/${words.join('/')}${slash && words.length > 0 ? '/' : ''}`);

/** How well an entry fits a path, the smaller the better; undefined: not at all. Written without a tree. */
function fit({ pattern: { segments, subtree } }: TableEntry<string>, given: string): string | undefined {
  const parts = given === '/' ? [''] : given.slice(1).split('/');
  const ended = parts.at(-1) === '';
  const words = ended ? parts.slice(0, -1) : parts;
  let key = '';
  for (const [at, wanted] of segments.entries()) {
    const found = words[at];
    if (found === undefined || (wanted.kind === 'literal' && wanted.text !== found)) return undefined;
    key += wanted.kind === 'literal' ? '0' : '1';
  }
  const whole = segments.length === words.length && !ended;
  if (!subtree && !whole) return undefined;
  return `${key}${subtree ? '3' : '2'}`;
}

test('a table finds what a search through all routes finds, with the values under the names of the route', () => {
  const routes = fc.array(fc.tuple(pattern, methods), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(routes, path, fc.constantFrom('GET', 'PUT', 'POST', 'BREW'), (all, given, method) => {
      const table = new RouteTable<string>();
      const entries: TableEntry<string>[] = [];
      for (const [template, of] of all) {
        const entry = { pattern: parsePattern(template), methods: of && new Set(of), value: template };
        try {
          table.add(entry);
          entries.push(entry);
        } catch {
          // Another one covers it.
        }
      }
      const fitting = entries.filter((entry) => fit(entry, given) !== undefined);
      const able = fitting.filter((entry) => entry.methods === undefined || entry.methods.has(method));
      const best = able.sort((a, b) => ((fit(a, given) ?? '') < (fit(b, given) ?? '') ? -1 : 1))[0];
      const match = table.match(given, method);
      if (best === undefined) assert.equal(match.kind, fitting.length === 0 ? 'none' : 'wrong-method');
      else {
        assert.ok(match.kind === 'found');
        assert.equal(match.entry, best);
        const words = given.slice(1).split('/');
        const expected = best.pattern.segments.flatMap((part, at) =>
          part.kind === 'parameter' ? [[part.name, words[at]]] : [],
        );
        assert.deepEqual([...match.parameters], expected);
      }
      if (match.kind !== 'wrong-method') return;
      const union = new Set(fitting.flatMap((entry) => [...(entry.methods ?? [])]));
      assert.deepEqual(new Set(match.allow), union);
    }),
    { numRuns: 3_000 },
  );
});

test('a rewrite in reverse leads to the path that the client asked for', () => {
  const value = fc.constantFrom('7', 'a b', '商', 'x.y', "it's", '50%', 'a?b').map(encodeURIComponent);
  const routes = fc.constantFrom(
    ['/api/', '/'],
    ['/api/user/', '/user'],
    ['/', '/v1'],
    ['/t/{t}/', '/tenants/{t}'],
    ['/acct/{user}/{id}', '/internal/{id}/of/{user}'],
    ['/a/{x}/b/', '/{x}'],
  );
  fc.assert(
    fc.property(
      routes,
      fc.array(value, { minLength: 2, maxLength: 4 }),
      fc.boolean(),
      ([match = '', rewrite = ''], values, slash) => {
        const route = parsePattern(match);
        const parameters = new Map<string, string>();
        const own = route.segments.map((part, at) => {
          if (part.kind === 'literal') return part.text;
          parameters.set(part.name, decodeURIComponent(values[at % values.length] ?? ''));
          return values[at % values.length] ?? '';
        });
        const below = route.subtree ? values : [];
        const asked = `/${[...own, ...below].join('/')}${slash && route.subtree ? '/' : ''}`;
        const target = normalTarget(asked);
        assert.ok(target.kind === 'normal');
        const sent = rewriteTarget(compileRewrite(route, rewrite), target, parameters);
        assert.equal(compileRelocation(route, rewrite, () => false).publicPath(sent), asked);
      },
    ),
  );
});

test('whatever the configuration is, checking it never throws', () => {
  const anything = fc.anything({ withNullPrototype: true, maxDepth: 3 });
  const text = fc.string({ unit: fc.constantFrom(...'/{}:*?#%.~^$()[]a1 \\|+<>é'), maxLength: 12 });
  const route = fc.record(
    {
      kind: fc.constantFrom('proxy', 'aggregate', 'x'),
      match: text.map((end) => `/${end}`),
      rewrite: text,
      service: text,
      methods: anything,
      parts: anything,
      parameters: anything,
      __proto__: anything,
    },
    { requiredKeys: ['kind', 'match'] },
  );
  const config = fc.oneof(anything, fc.record({ routes: fc.array(fc.oneof(route, anything)), services: anything }));
  fc.assert(fc.property(config, (value) => void checkGatewayConfig(value)));
});
