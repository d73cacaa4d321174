import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeHost } from '@flotilla/conformance';
import type { CentralConfig, CentralListener } from '@flotilla/contracts/central-config';
import type { ConfigSchema } from '@flotilla/contracts/config-schema';
import { waitUntil } from '@flotilla/testing';
import { integer } from '../config/index.ts';
import type { ServiceDefinition } from './definitions.ts';
import { runService } from './run-service.ts';

const settings = {
  PAGE_SIZE: integer({ describe: 'rows of a page', default: 10, max: 100, live: true }),
  POOL: integer({ describe: 'connections', default: 4 }),
};

/** Central config in this process. It is away until something is said. */
function fakeCentral(first?: Record<string, string>): {
  central: CentralConfig;
  say: (own: Record<string, string>) => void;
  fail: () => void;
  readonly followed: string[];
  readonly published: ConfigSchema[];
  readonly closed: boolean;
} {
  const followed: string[] = [];
  const published: ConfigSchema[] = [];
  let listener: CentralListener | undefined;
  let closed = false;
  const say = (own: Record<string, string>): void =>
    listener?.changed({ own: new Map(Object.entries(own)), shared: new Map() });
  return {
    central: {
      follow(service, given) {
        followed.push(service);
        listener = given;
        if (first !== undefined) setImmediate(() => say(first));
        return {
          publish: (schema) => void published.push(schema),
          close() {
            closed = true;
            return Promise.resolve();
          },
        };
      },
    },
    say,
    fail: () => listener?.failed(),
    followed,
    published,
    get closed() {
      return closed;
    },
  };
}

function definition(central: CentralConfig, seen: number[] = []): ServiceDefinition<typeof settings> {
  return {
    name: 'test-service',
    defaultPort: 0,
    settings,
    centralConfig: () => central,
    setup({ app, config, onSetting }) {
      onSetting('PAGE_SIZE', (size) => seen.push(size));
      app.get('/settings', () => ({ size: config.PAGE_SIZE, pool: config.POOL, level: config.LOG_LEVEL }));
    },
  };
}

async function settingsAt(url: string): Promise<unknown> {
  return (await fetch(`${url}/settings`)).json();
}

describe('a program with central config', () => {
  it('starts with it, below its variables and above its defaults, and follows changes of live settings', async () => {
    const its = fakeCentral({ PAGE_SIZE: '20', POOL: '8', LOG_LEVEL: 'warn' });
    const { host, state, emit, exited, url } = fakeHost({ LOG_LEVEL: 'debug' });
    const seen: number[] = [];
    await runService(definition(its.central, seen), host);
    assert.deepEqual(its.followed, ['test-service']);
    assert.deepEqual(await settingsAt(url()), { size: 20, pool: 8, level: 'debug' });
    its.say({ PAGE_SIZE: '30', POOL: '9' });
    assert.deepEqual(seen, [30]);
    assert.deepEqual(await settingsAt(url()), { size: 30, pool: 8, level: 'debug' });
    its.say({ PAGE_SIZE: '3000', POOL: '9' });
    assert.deepEqual(await settingsAt(url()), { size: 30, pool: 8, level: 'debug' });
    const lines = `${state.out}${state.err}`;
    assert.match(
      lines,
      /"setting":"POOL","value":"9","from":"central","msg":"a setting changed; it takes effect at the next start"/,
    );
    assert.match(
      lines,
      /"key":"config\/test-service\/PAGE_SIZE".*"msg":"ignored a key of central config; the last value that was good/,
    );
    const metrics = await (await fetch(`${url()}/metrics`)).text();
    for (const line of ['known 1', 'ignored_keys 1', 'pending_settings 1'])
      assert.match(metrics, new RegExp(`^config_central_${line}$`, 'm'));
    its.say({});
    assert.deepEqual(seen, [30, 10]);
    emit('SIGTERM');
    assert.equal(await exited(), 0);
    assert.equal(its.closed, true);
  });

  it('changes the log level at once', async () => {
    const its = fakeCentral({});
    const { host, state, emit, exited } = fakeHost();
    await runService(
      {
        ...definition(its.central),
        setup: ({ logger, onSetting }) => onSetting('LOG_LEVEL', () => logger.debug('heard')),
      },
      host,
    );
    its.say({ LOG_LEVEL: 'debug' });
    assert.match(state.out, /"setting":"LOG_LEVEL","value":"debug","from":"central","msg":"a setting changed"/);
    assert.match(state.out, /heard/);
    emit('SIGTERM');
    assert.equal(await exited(), 0);
  });

  it('publishes what its settings are, without secrets and with the reasons why some are not central', async () => {
    const its = fakeCentral({});
    const { host, emit, exited } = fakeHost();
    await runService(definition(its.central), host);
    const [schema] = its.published;
    assert.equal(its.published.length, 1);
    assert.deepEqual(schema?.settings['PAGE_SIZE'], {
      describe: 'rows of a page',
      expects: 'a whole number from -9007199254740991 to 100',
      rule: { kind: 'integer', min: Number.MIN_SAFE_INTEGER, max: 100 },
      default: '10',
      live: true,
    });
    for (const name of ['SERVER_PORT', 'DATABASE_URL', 'REDIS_URL', 'REGISTRY_URL', 'INSTANCE_ID'])
      assert.notEqual(schema?.settings[name]?.local, undefined, name);
    assert.equal(schema?.settings['LOG_LEVEL']?.local, undefined);
    emit('SIGTERM');
    assert.equal(await exited(), 0);
  });

  it('starts without it if it does not come in time, and applies it when it does', async () => {
    const its = fakeCentral();
    const { host, emit, exited, url } = fakeHost({ CENTRAL_CONFIG_WAIT_MS: '10' });
    await runService(definition(its.central), host);
    assert.deepEqual(await settingsAt(url()), { size: 10, pool: 4, level: 'info' });
    its.say({ PAGE_SIZE: '20' });
    assert.deepEqual(await settingsAt(url()), { size: 20, pool: 4, level: 'info' });
    emit('SIGTERM');
    assert.equal(await exited(), 0);
  });

  it('may get a required setting from it; without it, a restart may help only while the registry is away', async () => {
    const required = { QUOTA: integer({ describe: 'how much' }) };
    const run = async (central: CentralConfig, env: Record<string, string> = {}) => {
      const { host, state, exited, emit, url } = fakeHost(env);
      const service = { name: 'test-service', defaultPort: 0, settings: required, centralConfig: () => central };
      await runService({ ...service, setup: ({ app, config }) => void app.get('/quota', () => config.QUOTA) }, host);
      return { state, exited, emit, url };
    };
    const given = await run(fakeCentral({ QUOTA: '7' }).central);
    assert.equal(await (await fetch(`${given.url()}/quota`)).text(), '7');
    given.emit('SIGTERM');
    assert.equal(await given.exited(), 0);
    const absent = await run(fakeCentral({}).central);
    assert.equal(await absent.exited(), 78);
    assert.match(absent.state.err, /QUOTA: not set/);
    const away = await run(fakeCentral().central, { CENTRAL_CONFIG_WAIT_MS: '10' });
    assert.equal(await away.exited(), 1);
    assert.match(away.state.err, /QUOTA: not set[^]*could not be read from .* within 10 ms.*start the registry/);
  });

  it('shows it with --print-config, and says when it could not be read', async () => {
    const shown = fakeHost({}, ['--print-config']);
    await runService(definition(fakeCentral({ POOL: '8' }).central), shown.host);
    assert.equal(await shown.exited(), 0);
    assert.match(shown.state.out, /POOL +8 +central/);
    const its = fakeCentral();
    const away = fakeHost({ CENTRAL_CONFIG_WAIT_MS: '600s' }, ['--print-config']);
    const running = runService(definition(its.central), away.host);
    await waitUntil('it asks', () => its.followed.length === 1);
    its.fail();
    await running;
    assert.equal(await away.exited(), 0);
    assert.match(away.state.err, /could not be read/);
    assert.match(away.state.out, /POOL +4 +default/);
    assert.deepEqual(its.published, []);
    assert.equal(its.closed, true);
  });
});
