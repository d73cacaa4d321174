// A fleet whose members stand in a list needs no registry.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '@flotilla/testing';
import { ask } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/fleet.ts';
import { spawnCommand } from './support/spawned.ts';

test('programs with a list of addresses find each other, and announce nothing', async () => {
  const data = temporaryFolder();
  const programs = ['user-service', 'order-service', 'gateway'];
  const ports = new Map<string, number>();
  for (const program of programs) ports.set(program, await freePort());
  const list = programs.map((program) => `${program}=127.0.0.1:${ports.get(program)}`).join();
  const started = programs.map((program) =>
    spawnCommand(process.execPath, [`apps/${program}/src/main.ts`], {
      SERVER_PORT: String(ports.get(program)),
      LOG_FORMAT: 'json',
      REGISTRY_URL: `static:${list}`,
      ...(program === 'gateway' ? {} : { DATABASE_URL: `sqlite:${data.folder}/${program}.db` }),
    }),
  );
  const url = `http://127.0.0.1:${ports.get('gateway')}/api/user-with-orders?user_id=1`;
  await eventually('the whole answers', async () => (await ask(url).catch(() => undefined))?.status === 200);
  for (const program of started) {
    assert.match(program.stdout(), /"msg":"not announced: REGISTRY_URL is a list/);
    program.child.kill('SIGTERM');
    assert.equal((await program.ended).code, 0, program.stderr());
  }
  data.remove();
});

test('a wrong list is a mistake in the settings, and an unknown kind of registry is reported with the known ones', async () => {
  for (const [url, told] of [
    ['static:user-service=127.0.0.1', /REGISTRY_URL.*is not service=address:port/],
    [
      'consul+http://crew:hunter2@10.0.0.5',
      /REGISTRY_URL.*contains a login: remove it, and set REGISTRY_TOKEN instead/,
    ],
    ['eureka+http://10.0.0.5/eureka', /REGISTRY_URL.*names no port/],
    ['eureka+http://10.0.0.5:8761', /REGISTRY_URL.*has no path: most Eureka servers answer below \/eureka/],
    ['dns://10.0.0.5/services.example', /REGISTRY_URL.*names no \{service\}/],
    ['consul://10.0.0.5', /REGISTRY_URL.*does not begin with http:\/\/, .*consul\+http:\/\/, .*static:/],
  ] as const) {
    const program = spawnCommand(process.execPath, ['apps/gateway/src/main.ts'], { REGISTRY_URL: url });
    assert.equal((await program.ended).code, 78, url);
    assert.match(program.stderr(), told);
    assert.doesNotMatch(program.stderr(), /hunter2/);
    // What is expected of a URL of this kind, and not of all kinds.
    assert.equal(/Expected.*; or /.test(program.stderr()), url.startsWith('consul://'), program.stderr());
  }
});
