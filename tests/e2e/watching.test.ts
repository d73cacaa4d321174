import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/fleet.ts';
import { spawnCommand } from './support/spawned.ts';

const project = temporaryFolder();
after(() => project.remove());

const write = (name: string, text: string): void => writeFileSync(path.join(project.folder, name), text);
const server = (answer: string): string =>
  `require('node:http').createServer((_, response) => response.end('${answer}')).listen(process.env.PORT);`;

test('with --watch, a change takes effect at once, a mistake is reported once, and the next change corrects it', async () => {
  write('answer.cjs', server('one'));
  write(
    'flotilla.config.mjs',
    "export const fleet = { registry: false, programs: { answer: { command: ['node', 'answer.cjs'], port: 8005, health: '/' } } };",
  );
  const config = path.join(project.folder, 'flotilla.config.mjs');
  const args = ['apps/cli/src/main.ts', 'up', '--config', config, '--free-ports', '--no-dashboard', '--watch'];
  const fleet = spawnCommand(process.execPath, args);
  try {
    const [, url = ''] = await fleet.says(/answer +(http:\S+)/);
    const answers = async (text: string): Promise<boolean> =>
      fetch(url).then(
        async (response) => (await response.text()) === text,
        () => false,
      );
    assert.equal(await answers('one'), true);
    write('answer.cjs', server('two'));
    await eventually('the change is taken over', () => answers('two'));
    assert.match(fleet.stdout(), /answer\.cjs changed; restarting answer/);
    write('answer.cjs', 'const a = ;');
    await fleet.says(/answer crashed \(exit code 1\); waiting for the next change/);
    assert.equal(fleet.stderr().match(/SyntaxError/g)?.length, 1);
    write('answer.cjs', server('three'));
    await eventually('the change is taken over', () => answers('three'));
  } finally {
    fleet.child.kill('SIGTERM');
    assert.deepEqual(await fleet.ended, { code: 0, signal: null });
  }
});
