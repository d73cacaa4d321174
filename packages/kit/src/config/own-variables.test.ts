import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commonSettings } from './common-settings.ts';
import { loadConfig } from './load-config.ts';

function load(env: Record<string, string>, argv: readonly string[] = []) {
  return loadConfig({ program: 'user-service', settings: commonSettings(8001, 'user-service'), env, argv });
}

function messageOf(env: Record<string, string>): string {
  const result = load(env);
  return result.ok ? assert.fail('accepted') : result.message;
}

describe('a variable for one program alone', () => {
  it('overrides the variable of all programs, but not a flag', () => {
    const level = (env: Record<string, string>, argv: readonly string[] = []) => {
      const result = load(env, argv);
      return result.ok ? [result.config.LOG_LEVEL, result.sources['LOG_LEVEL']] : result.message;
    };
    const env = { LOG_LEVEL: 'warn', USER_SERVICE__LOG_LEVEL: 'debug' };
    assert.deepEqual(level(env), ['debug', 'environment']);
    assert.deepEqual(level(env, ['--log-level=error']), ['error', 'flag']);
    assert.deepEqual(level({ ...env, USER_SERVICE__LOG_LEVEL: '' }), ['warn', 'environment']);
    assert.deepEqual(level({ LOG_LEVEL: 'warn', ORDER_SERVICE__LOG_LEVEL: 'debug' }), ['warn', 'environment']);
  });

  it('can name the config file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kit-config-'));
    try {
      writeFileSync(join(folder, 'c.json'), '{ "SERVER_PORT": 3 }');
      const result = load({ USER_SERVICE__CONFIG_FILE: join(folder, 'c.json') });
      assert.equal(result.ok && result.config.SERVER_PORT, 3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused with the closest name if there is no such setting', () => {
    assert.match(
      messageOf({ USER_SERVICE__LOG_LEVL: 'debug' }),
      /LOG_LEVL: no such setting\. Did you mean USER_SERVICE__LOG_LEVEL\?/,
    );
    assert.match(messageOf({ USER_SERVICE__ZZZZZZZZ: '1' }), /USER_SERVICE__ZZZZZZZZ: no such setting\.$/m);
    assert.match(messageOf({ USER_SERVICE___LOG_LEVEL: '1' }), /Did you mean USER_SERVICE__LOG_LEVEL\?/);
    assert.match(messageOf({ user_service__log_level: 'debug' }), /has no effect\. Write USER_SERVICE__LOG_LEVEL/);
    assert.match(messageOf({ USER_SERVICE_LOG_LEVEL: 'debug' }), /Write USER_SERVICE__LOG_LEVEL, with two underscores/);
    assert.match(messageOf({ 'user-service_log_level': 'debug' }), /with two underscores/);
  });

  it('is named if its value is wrong', () => {
    assert.match(
      messageOf({ USER_SERVICE__SERVER_PORT: 'x' }),
      /USER_SERVICE__SERVER_PORT \(environment\): "x" is not .*Example: USER_SERVICE__SERVER_PORT=8001/,
    );
  });

  it('is not confused with variables that Docker and Kubernetes set for a service of the same name', () => {
    const result = load({
      USER_SERVICE_PORT: 'tcp://10.0.0.1:8001',
      USER_SERVICE_SERVICE_HOST: '10.0.0.1',
      USER_SERVICE_PORT_8001_TCP_PROTO: 'tcp',
      USER_SERVICE_SERVICE_PORT: '8001',
      USER_SERVICE: 'x',
      USER_SERVICE__LOG_LEVL: '',
      USER_SERVICE2__LOG_LEVL: 'another program',
    });
    assert.ok(result.ok);
  });

  it('does not affect a setting whose name begins like the program', () => {
    const settings = { ...commonSettings(1, 'gateway'), GATEWAY_LOG_LEVEL: commonSettings(1, 'gateway').LOG_LEVEL };
    assert.ok(loadConfig({ program: 'gateway', settings, env: { GATEWAY_LOG_LEVEL: 'info' }, argv: [] }).ok);
  });
});
