import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { commonSettings } from './common-settings.ts';
import { flag, integer, text } from './kinds.ts';
import { type LoadResult, loadConfig } from './load-config.ts';
import { type Settings, setting } from './setting.ts';
import { telemetrySettings } from './telemetry-settings.ts';

const settings = {
  SERVER_PORT: integer({ describe: 'port', default: 8001, min: 0, max: 65_535 }),
  API_TOKEN: text({ describe: 'token', secret: true, optional: true, maxLength: 5 }),
  VERBOSE: flag({ describe: 'say more', default: false }),
};

function load(env: Record<string, string> = {}, argv: readonly string[] = [], cwd?: string) {
  return loadConfig({ program: 'test', settings, env, argv, cwd });
}

function messageOf(result: LoadResult<Settings>): string {
  assert.equal(result.ok, false);
  return result.ok ? '' : result.message;
}

describe('loadConfig', () => {
  it('prefers a flag to the environment, that to the file, and that to the default', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'kit-config-'));
    try {
      writeFileSync(join(cwd, 'c.json'), '{ "SERVER_PORT": 3 }');
      const env = { CONFIG_FILE: 'c.json' };
      const port = (result: ReturnType<typeof load>) =>
        result.ok ? [result.config.SERVER_PORT, result.sources['SERVER_PORT']] : result.message;
      assert.deepEqual(port(load()), [8001, 'default']);
      assert.deepEqual(port(load(env, [], cwd)), [3, 'file']);
      assert.deepEqual(port(load({ ...env, SERVER_PORT: '2' }, [], cwd)), [2, 'environment']);
      assert.deepEqual(port(load({ ...env, SERVER_PORT: '2' }, ['--server-port=1'], cwd)), [1, 'flag']);
      assert.deepEqual(port(load({}, ['--server-port', '1'])), [1, 'flag']);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  it('treats an empty variable as unset', () => {
    const result = load({ SERVER_PORT: '', API_TOKEN: '' });
    assert.ok(result.ok);
    assert.equal(result.config.SERVER_PORT, 8001);
    assert.equal(result.config.API_TOKEN, undefined);
    assert.equal(result.sources['API_TOKEN'], 'unset');
  });

  it('lists every problem in one message, with the value, what is expected and an example', () => {
    const message = messageOf(
      load({ SERVER_PORT: '70000', VERBOSE: 'maybe' }, ['--sever-port=1', '--nonsense-at-all']),
    );
    assert.match(message, /test cannot start: 4 settings are wrong/);
    assert.match(
      message,
      /SERVER_PORT \(environment\): "70000" is not a whole number from 0 to 65535.*SERVER_PORT=8001/,
    );
    assert.match(message, /VERBOSE \(environment\): "maybe" is not true or false/);
    assert.match(message, /--sever-port: no such flag. Did you mean --server-port\?/);
    assert.match(message, /--nonsense-at-all: no such flag\.$/m);
  });

  it('never shows a secret, or a password in a URL', () => {
    const secret = messageOf(load({ API_TOKEN: 'hunter2hunter2' }));
    assert.match(secret, /API_TOKEN/);
    assert.doesNotMatch(secret, /hunter2/);
    const common = commonSettings(8001, 'test');
    const env = { REDIS_URL: 'http://me:hunter2@h', DATABASE_URL: 'oracle://me:hunter2@h/db' };
    const urls = messageOf(loadConfig({ program: 'test', settings: common, env, argv: [] }));
    assert.match(urls, /REDIS_URL/);
    assert.match(urls, /DATABASE_URL/);
    assert.doesNotMatch(urls, /hunter2/);
  });

  it('accepts a boolean flag without a value, and leaves the next argument alone', () => {
    const result = load({}, ['--verbose', 'rest', '--', '--server-port=1']);
    assert.ok(result.ok);
    assert.equal(result.config.VERBOSE, true);
    assert.deepEqual(result.rest, ['rest', '--server-port=1']);
    assert.equal(result.config.SERVER_PORT, 8001);
  });

  it('reports a missing value instead of using the next flag', () => {
    assert.match(messageOf(load({}, ['--server-port', '--verbose'])), /--server-port: needs a value/);
    assert.match(messageOf(load({}, ['--server-port='])), /--server-port: needs a value/);
  });

  it('names a config file that is missing, malformed, or has unknown settings', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'kit-config-'));
    try {
      assert.match(messageOf(load({ CONFIG_FILE: 'no.json' }, [], cwd)), /no\.json does not exist/);
      writeFileSync(join(cwd, 'bad.json'), '{');
      assert.match(messageOf(load({ CONFIG_FILE: 'bad.json' }, [], cwd)), /bad\.json is not valid JSON/);
      writeFileSync(join(cwd, 'list.json'), '[]');
      assert.match(messageOf(load({ CONFIG_FILE: 'list.json' }, [], cwd)), /must contain one JSON object/);
      writeFileSync(join(cwd, 'slip.json'), '{ "SERVER_PROT": 1, "VERBOSE": {}, "__proto__": 1 }');
      const message = messageOf(load({}, ['--config-file', 'slip.json'], cwd));
      assert.match(message, /SERVER_PROT \(file slip\.json\): no such setting. Did you mean SERVER_PORT\?/);
      assert.match(message, /VERBOSE .*must be a string, a number, true or false/);
      assert.match(message, /__proto__ .*no such setting/);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  it('reports where a config file is wrong without quoting it', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'kit-config-'));
    const told = (content: string | Uint8Array): string => {
      writeFileSync(join(cwd, 'c.json'), content);
      return messageOf(load({ CONFIG_FILE: 'c.json' }, [], cwd));
    };
    try {
      assert.match(
        told('{\n  "SERVER_PORT": 1,\n}'),
        /not valid JSON at line 3, column 1: unexpected "}" after a comma/,
      );
      assert.match(told('{\r\n  // mine\r\n}'), /line 2, column 3: unexpected "\/"; JSON has no comments/);
      assert.match(told('\ufeff{ "API_TOKEN": hunter2 }'), /line 1, column 16: unexpected "h"/);
      assert.match(told('{ "é": "日本", x }'), /line 1, column 14: unexpected "x"/);
      assert.match(told('{ "SERVER_PORT": 1'), /ends too early, at line 1, column 19/);
      assert.match(told(''), /ends too early, at line 1, column 1/);
      assert.match(told(Buffer.from('\ufeff{ "SERVER_PORT": 1 }', 'utf16le')), /UTF-16. Save it as UTF-8/);
      assert.match(told(Buffer.from([0x7b, 0xff, 0x7d])), /not UTF-8/);
      assert.match(told('['.repeat(100_000)), /nested too deeply at line 1, column 65/);
      assert.doesNotMatch(told('{ "API_TOKEN": "hunter2" "x" }'), /hunter2/);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  it('reads a config file that begins with a byte order mark', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'kit-config-'));
    try {
      writeFileSync(join(cwd, 'bom.json'), '\ufeff{ "SERVER_PORT": 3 }');
      const result = load({ CONFIG_FILE: 'bom.json' }, [], cwd);
      assert.equal(result.ok && result.config.SERVER_PORT, 3);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  it('refuses to start without a setting that has no default', () => {
    const needed = { LEVEL: setting(z.coerce.number().int(), { describe: 'level' }) };
    assert.match(messageOf(loadConfig({ program: 't', settings: needed, env: {}, argv: [] })), /LEVEL: not set/);
    const given = loadConfig({ program: 't', settings: needed, env: { LEVEL: '4' }, argv: [] });
    assert.equal(given.ok && given.config.LEVEL, 4);
  });

  it('treats a setting as optional if its zod schema accepts undefined', () => {
    const optional = { NAME: setting(z.string().min(2).optional(), { describe: 'name' }) };
    const unset = loadConfig({ program: 't', settings: optional, env: {}, argv: [] });
    assert.ok(unset.ok);
    assert.equal(unset.config.NAME, undefined);
    assert.equal(loadConfig({ program: 't', settings: optional, env: { NAME: 'x' }, argv: [] }).ok, false);
  });

  it('still answers --help if the settings are wrong', () => {
    assert.equal(load({ SERVER_PORT: 'x' }, ['--help']).asks, 'help');
    assert.equal(load({}, ['--print-config']).asks, 'print-config');
  });
});

describe('commonSettings', () => {
  const common = (env: Record<string, string>) =>
    loadConfig({ program: 'user-service', settings: commonSettings(8001, 'user-service'), env, argv: [] });

  it('has the documented defaults', () => {
    const result = common({});
    assert.ok(result.ok);
    assert.deepEqual(
      { ...result.config },
      {
        SERVER_PORT: 8001,
        SERVER_HOST: '127.0.0.1',
        ADMIN_PORT: undefined,
        ADMIN_HOST: '127.0.0.1',
        ALLOWED_HOSTS: [],
        ALLOWED_ORIGINS: [],
        DATABASE_URL: 'sqlite:data/user-service.db',
        REDIS_URL: undefined,
        LOG_LEVEL: 'info',
        LOG_FORMAT: 'auto',
        LOG_PROFILE: 'native',
        MAX_WORKERS: 10,
        DEFAULT_LOCALE: 'en',
        API_DOCS: true,
        CENTRAL_CONFIG_WAIT_MS: 1000,
        REGISTRY_URL: 'http://127.0.0.1:8500',
        REGISTRY_TOKEN: undefined,
        ADVERTISE_ADDRESS: undefined,
        ADVERTISE_PORT: undefined,
        INSTANCE_ID: undefined,
        LEASE_MS: undefined,
        HEALTH_CHECK_INTERVAL_MS: 1_000,
        DRAIN_TIMEOUT_MS: 10_000,
        SHUTDOWN_DELAY_MS: 0,
        // Whoever uses one knows what OpenTelemetry says that it is then.
        ...Object.fromEntries(Object.keys(telemetrySettings()).map((name) => [name, undefined])),
        TRACE_SLOW_MS: 1_000,
      },
    );
  });

  it('listens on loopback unless configured otherwise, or unless a remote registry will send callers', () => {
    const host = (env: Record<string, string>) => {
      const result = common(env);
      return result.ok ? result.config.SERVER_HOST : result.message;
    };
    for (const url of ['http://localhost:8500', 'http://[::1]:8500', 'http://127.9.9.9', 'http://0x7f.1:8500'])
      assert.equal(host({ REGISTRY_URL: url }), '127.0.0.1', url);
    assert.equal(host({ REGISTRY_URL: 'http://registry:8500' }), '0.0.0.0');
    assert.equal(host({ REGISTRY_URL: 'http://127.0.0.1:8500,http://10.0.0.5:8500' }), '0.0.0.0');
    assert.equal(host({ REGISTRY_URL: 'http://[fd00::5]:8500' }), '::');
    assert.equal(host({ REGISTRY_URL: 'http://registry:8500', SERVER_HOST: '10.0.0.7' }), '10.0.0.7');
  });

  it('checks REGISTRY_URL against the given kinds of registry, and asks them where the registry is', () => {
    const registryUrls = {
      expects: 'a fleet like fleet:north',
      problemOf: (text: string) => (text.startsWith('fleet:') ? undefined : 'names no fleet'),
      hostsOf: () => [{ host: '10.0.0.5', port: 1 }],
    };
    const settings = commonSettings(8001, 'user-service', registryUrls);
    const given = (REGISTRY_URL: string) => loadConfig({ program: 'p', settings, env: { REGISTRY_URL }, argv: [] });
    const good = given('fleet:north');
    assert.equal(good.ok && good.config['SERVER_HOST'], '0.0.0.0');
    const bad = given('http://127.0.0.1:8500');
    assert.match(bad.ok ? '' : bad.message, /REGISTRY_URL .* names no fleet\. Expected a fleet like fleet:north\./);
  });

  it('refuses names and origins that are not in the form in which they are compared', () => {
    const accepts = (env: Record<string, string>): boolean => common(env).ok;
    assert.ok(accepts({ ALLOWED_HOSTS: 'api.example.com, .corp.example,*.dev.example,my_host', ALLOWED_ORIGINS: '*' }));
    assert.ok(accepts({ ALLOWED_ORIGINS: 'https://app.example.com,http://localhost:5173,capacitor://localhost' }));
    for (const hosts of ['https://api.example.com', 'api.example.com:8080', 'a,,b', 'a b'])
      assert.ok(!accepts({ ALLOWED_HOSTS: hosts }), hosts);
    for (const origins of ['app.example.com', 'https://app.example.com/', 'https://a/b', 'null'])
      assert.ok(!accepts({ ALLOWED_ORIGINS: origins }), origins);
  });

  it('refuses to announce an address that nobody can reach', () => {
    for (const address of ['0.0.0.0', '::', '224.0.0.1', '255.255.255.255', '0x7f.1'])
      assert.equal(common({ ADVERTISE_ADDRESS: address }).ok, false, address);
  });

  it('explains the right form if the database is only a host and port', () => {
    const result = common({ DATABASE_URL: 'localhost:5432' });
    assert.equal(result.ok, false);
    if (!result.ok) assert.match(result.message, /only a host and port.*sqlite:data\/user-service\.db/);
  });

  it('says which kinds of databases there are if another one is named', () => {
    const result = common({ DATABASE_URL: 'oracle://h/db' });
    assert.equal(result.ok, false);
    if (!result.ok) assert.match(result.message, /oracle:.*sqlite:, postgres:\/\/, mysql:\/\/ and mariadb:\/\//);
  });

  it('refuses a cache that is not Redis', () => {
    for (const value of ['localhost:6379', 'http://h', 'redis://', 'redis://h:99999'])
      assert.equal(common({ REDIS_URL: value }).ok, false, value);
    assert.equal(common({ REDIS_URL: 'rediss://:pw@h:6380/1' }).ok, true);
  });
});
