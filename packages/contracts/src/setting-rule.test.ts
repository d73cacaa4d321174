import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkCentralValue, readConfigSchema } from './config-schema.ts';
import { checkSettingText, type SettingRule } from './setting-rule.ts';

function accepts(rule: SettingRule, good: readonly string[], bad: readonly string[]): void {
  for (const text of good) assert.equal(checkSettingText(rule, text), undefined, `${rule.kind} "${text}"`);
  for (const text of bad)
    assert.match(String(checkSettingText(rule, text)), /^(?:is not|does not)/, `${rule.kind} "${text}"`);
}

describe('the rule of a setting', () => {
  it('decides which texts are valid', () => {
    accepts({ kind: 'integer', min: 0, max: 10 }, ['0', '10'], ['11', '-1', '', ' 1', '1.0', '0x1', '1e1', '١']);
    accepts({ kind: 'duration', min_ms: 100, max_ms: 60_000 }, ['100', '1s', '1m', '0.1s'], ['99', '2m', '1 s', '1d']);
    accepts({ kind: 'flag' }, ['true', '0', 'YES', 'off'], ['', '2', 'constructor', '__proto__']);
    accepts({ kind: 'choice', of: ['debug', 'info'] }, ['debug', 'INFO'], ['', 'verbose']);
    accepts({ kind: 'url', protocols: ['redis'] }, ['redis://h:1'], ['http://h', 'redis://', 'redis:/h']);
    accepts({ kind: 'text', max_length: 3 }, ['abc'], ['', 'abcd']);
  });

  it('never repeats the value in what it says about it', () => {
    assert.doesNotMatch(String(checkSettingText({ kind: 'integer', min: 0, max: 1 }, 'hunter2')), /hunter2/);
  });
});

describe('the schema of a service', () => {
  const schema = readConfigSchema(
    JSON.stringify({
      settings: {
        LOG_LEVEL: { describe: '', expects: 'a level', rule: { kind: 'choice', of: ['debug'] }, live: true },
        SERVER_PORT: {
          rule: { kind: 'integer', min: 0, max: 1 },
          live: false,
          local: 'Each instance has its own port.',
        },
        SHADE: { rule: { kind: 'colour', palette: 'a kind of a later release' } },
      },
      added: 'by a later release',
    }),
  );
  const check = (name: string, text: string): unknown => schema && checkCentralValue(schema, name, text);

  it('refuses values that do not fit, names it does not have, and settings that are not central', () => {
    assert.equal(check('LOG_LEVEL', 'debug'), undefined);
    assert.deepEqual(check('LOG_LEVEL', 'x'), { kind: 'value', problem: 'is not one of debug', expects: 'a level' });
    assert.deepEqual(check('SERVER_PORT', '1'), { kind: 'local', why: 'Each instance has its own port.' });
    for (const name of ['LOG_LEVL', 'constructor', '__proto__'])
      assert.deepEqual(check(name, 'x'), { kind: 'unknown', names: ['LOG_LEVEL', 'SERVER_PORT', 'SHADE'] });
  });

  it('accepts any text for a rule that it does not know', () => {
    assert.equal(check('SHADE', 'teal'), undefined);
  });

  it('is not read from anything else', () => {
    for (const text of ['', '{', '[]', '{"settings":[]}', '{"settings":{"A":1}}', 'null'])
      assert.equal(readConfigSchema(text), undefined, text);
  });
});
