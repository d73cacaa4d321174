import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { balancerKinds } from '../balance/balance-config.ts';
import { gatewayConfigSchema } from './gateway-config-schema.ts';
import { defaultHealthSettings, defaultProbePath } from './health-settings.ts';
import { defaultEngineLimits } from './limits.ts';
import { defaultEngineTimeouts, defaultRouteTimeouts } from './timeouts.ts';

// The document is made of the types, by a gate: whatever a type has, the document has.
const file = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'routes.md');

/** The options of each section with what is said of them. */
const documented = new Map(
  readFileSync(file, 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => [
      section.slice(0, section.indexOf('\n')),
      new Map(
        [...section.matchAll(/^\| \*{0,2}`(\w+)`\*{0,2} \|.*\| (.*) \|$/gm)].map(([, name = '', text = '']) => [
          name,
          text,
        ]),
      ),
    ]),
);

/** The part of a JSON schema that this test reads. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly const?: unknown;
  readonly oneOf?: readonly Shape[];
  readonly additionalProperties?: Shape | false;
}

// It is one: the type says only that it may be anything.
const whole = z.toJSONSchema(gatewayConfigSchema, { io: 'input', unrepresentable: 'any' }) as Shape;
const [proxy, aggregate] = whole.properties?.['routes']?.items?.oneOf ?? [];
/** The kinds of policies: `ask` is an `AskPolicyConfig`. */
const kinds = proxy?.properties?.['policies']?.items?.oneOf ?? [];
const service = entryOf(whole.properties?.['services']);
const balances = new Map(
  balancerKinds.map(({ kind }, at) => [`${nameOf(kind)}Balance`, service?.properties?.['balance']?.oneOf?.[at]]),
);
const checked: Readonly<Record<string, Shape | undefined>> = {
  GatewayConfig: whole,
  ProxyRouteConfig: proxy,
  AggregateRouteConfig: aggregate,
  ParameterConfig: entryOf(aggregate?.properties?.['parameters']),
  PartConfig: entryOf(aggregate?.properties?.['parts']),
  ...Object.fromEntries(kinds.map((shape) => [`${nameOf(shape.properties?.['kind']?.const)}PolicyConfig`, shape])),
  FieldEditsConfig: kinds[0]?.properties?.['request'],
  ServiceConfig: service,
  RouteTimeouts: proxy?.properties?.['timeouts'],
  EngineTimeouts: whole.properties?.['timeouts'],
  EngineLimits: whole.properties?.['limits'],
  HealthSettings: whole.properties?.['health'],
  ...Object.fromEntries(balances),
  KeySource: balances.get('ConsistentHashBalance')?.properties?.['key'],
};

const defaults: Readonly<Record<string, object>> = {
  RouteTimeouts: defaultRouteTimeouts,
  EngineTimeouts: defaultEngineTimeouts,
  EngineLimits: defaultEngineLimits,
  HealthSettings: { path: defaultProbePath, ...defaultHealthSettings },
};

/** `let-in` → `LetIn`. */
function nameOf(kind: unknown): string {
  return String(kind).replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function entryOf(record: Shape | undefined): Shape | undefined {
  return record?.additionalProperties === false ? undefined : record?.additionalProperties;
}

test('the document has a section for everything that is checked, and no other', () => {
  assert.deepEqual([...documented.keys()].sort(), Object.keys(checked).sort());
});

for (const [name, shape] of Object.entries(checked)) {
  test(`everything documented of ${name} can be set, and nothing else`, () => {
    const options = documented.get(name) ?? new Map();
    assert.ok(options.size > 0);
    assert.deepEqual(Object.keys(shape?.properties ?? {}).sort(), [...options.keys()].sort());
    assert.equal(shape?.additionalProperties, false, 'an unknown option would be accepted');
    const bold = readFileSync(file, 'utf8').split(`## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
    const required = [...bold.matchAll(/^\| \*\*`(\w+)`/gm)].map(([, option = '']) => option);
    assert.deepEqual([...(shape?.required ?? [])].sort(), required.sort());
  });
}

for (const [name, values] of Object.entries(defaults)) {
  test(`every option of ${name} has a default, and the document names it`, () => {
    const options = documented.get(name) ?? new Map<string, string>();
    assert.deepEqual(Object.keys(values).sort(), [...options.keys()].sort());
    for (const [option, value] of Object.entries(values)) {
      const said = /Default (\d+(?: \d{3})*)( KiB| MiB)?/.exec(options.get(option) ?? '');
      // Some defaults are better said in words.
      if (said === null) continue;
      const factor = said[2] === ' KiB' ? 1_024 : said[2] === ' MiB' ? 1_048_576 : 1;
      assert.equal(Number(said[1]?.replaceAll(' ', '')) * factor, value, `${name}.${option}`);
    }
  });
}
