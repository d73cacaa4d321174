import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDatabaseUrl, sqliteFile } from './database-url.ts';
import { describeConfig, describeSettings } from './describe-config.ts';
import { choice, durationMs, flag, integer, text, url } from './kinds.ts';
import type { Setting } from './setting.ts';
import { maskPassword } from './show-value.ts';

function value<T>(setting: Setting<T>, raw: string): T | string {
  const reading = setting.read(raw);
  return reading.ok ? reading.value : `problem: ${reading.problem}`;
}

describe('kinds of settings', () => {
  it('reads whole numbers only from digits', () => {
    const port = integer({ describe: '', default: 1, min: 0, max: 10 });
    assert.equal(value(port, '0'), 0);
    assert.equal(value(port, '10'), 10);
    for (const bad of ['11', '-1', '', ' 1', '1 ', '1.0', '0x1', '1e1', 'NaN', '١', '99999999999999999999'])
      assert.match(String(value(port, bad)), /^problem/, bad);
  });

  it('reads durations with and without units', () => {
    const limit = durationMs({ describe: '', default: 1, max: 3_600_000 });
    for (const [raw, expected] of [
      ['250', 250],
      ['250ms', 250],
      ['1.5s', 1500],
      ['5m', 300_000],
      ['1h', 3_600_000],
    ] as const)
      assert.equal(value(limit, raw), expected);
    for (const bad of ['2h', '-1s', '5 m', 's', '1d', '1e3', '.5s'])
      assert.match(String(value(limit, bad)), /^problem/, bad);
  });

  it('reads yes and no in the usual words', () => {
    const verbose = flag({ describe: '', default: false });
    for (const raw of ['true', '1', 'YES', 'on']) assert.equal(value(verbose, raw), true);
    for (const raw of ['false', '0', 'no', 'Off']) assert.equal(value(verbose, raw), false);
    assert.match(String(value(verbose, '2')), /^problem/);
  });

  it('accepts one of a few words, ignoring case', () => {
    const locale = choice(['en', 'zh-CN'], { describe: '', default: 'en' });
    assert.equal(value(locale, 'ZH-cn'), 'zh-CN');
    assert.match(String(value(locale, 'fr')), /one of en, zh-CN/);
  });

  it('accepts only URLs with one of the given schemes and a host', () => {
    const registry = url({ describe: '', default: 'http://a', protocols: ['http', 'https'] });
    assert.equal(value(registry, 'https://a.example:1/x'), 'https://a.example:1/x');
    for (const bad of ['ftp://a', 'http:/a', 'a:1', 'http://', 'http://a:70000', 'javascript:alert(1)'])
      assert.match(String(value(registry, bad)), /^problem/, bad);
  });

  it('checks the pattern and length of strings', () => {
    const name = text({ describe: '', default: 'a', pattern: /^[a-z]+$/, maxLength: 3 });
    assert.equal(value(name, 'abc'), 'abc');
    assert.match(String(value(name, 'abcd')), /^problem/);
    assert.match(String(value(name, 'AB')), /^problem/);
  });
});

describe('DATABASE_URL', () => {
  it('names a file, relative, absolute or in memory', () => {
    assert.equal(sqliteFile('sqlite:data/a.db'), 'data/a.db');
    assert.equal(sqliteFile('sqlite:/var/a.db'), '/var/a.db');
    assert.equal(sqliteFile('sqlite:///var/a.db'), '/var/a.db');
    assert.equal(sqliteFile('sqlite::memory:'), ':memory:');
  });

  it('refuses anything but a file', () => {
    for (const bad of ['sqlite:', 'sqlite://host/a.db', 'a.db', '', '127.0.0.1:5432/db', '[::1]:5432'])
      assert.equal(readDatabaseUrl(bad, 'sqlite:x.db').ok, false, bad);
  });
});

describe('the description of the config', () => {
  const settings = {
    TOKEN: text({ describe: 'the token', secret: true, optional: true }),
    REDIS_URL: url({ describe: 'the cache', protocols: ['redis'], optional: true }),
  };

  it('shows values and sources, and secrets as asterisks', () => {
    const config = { TOKEN: 'hunter2', REDIS_URL: 'redis://me:hunter2@h' };
    const shown = describeConfig({ settings, config, sources: { TOKEN: 'environment', REDIS_URL: 'flag' } });
    assert.match(shown, /TOKEN +\*\*\* +environment/);
    assert.match(shown, /REDIS_URL +redis:\/\/me:\*\*\*@h +flag/);
    assert.doesNotMatch(shown, /hunter2/);
  });

  it('shows that an unset secret is not set', () => {
    assert.match(describeConfig({ settings, config: {}, sources: {} }), /TOKEN +\(not set\) +unset/);
  });

  it('lists each setting with its flag and meaning for --help', () => {
    assert.match(describeSettings({ program: 'p', settings }), /--redis-url +REDIS_URL +\(not set\) +the cache/);
  });

  it('masks passwords in URLs, even in malformed ones', () => {
    assert.equal(maskPassword('redis://u:p@h:1/0'), 'redis://u:***@h:1/0');
    assert.equal(maskPassword('redis://:p@h'), 'redis://:***@h');
    assert.equal(maskPassword('redis://u:p@ss@h'), 'redis://u:***@h');
    assert.equal(maskPassword('u:p@h:5432'), 'u:***@h:5432');
    assert.equal(maskPassword('http://h/?api_token=abc&x=1'), 'http://h/?api_token=***&x=1');
    assert.equal(maskPassword('http://h:80/a'), 'http://h:80/a');
    assert.equal(maskPassword('postgres://u:p'), 'postgres://u:***');
    assert.equal(maskPassword('postgres://u:p/db?x=1'), 'postgres://u:***/db?x=1');
    assert.equal(maskPassword('redis://h:99999'), 'redis://h:99999');
    assert.equal(maskPassword('http://[::1]:80/a'), 'http://[::1]:80/a');
    assert.equal(maskPassword('Server=h;Password=p;Port=1'), 'Server=h;Password=***;Port=1');
    assert.equal(maskPassword('jdbc:postgresql://h/d;user=u;pwd=p'), 'jdbc:postgresql://h/d;user=u;pwd=***');
  });
});
