#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ChangesRefused, draftProject, WishRefused, writeChanges } from '@flotilla/templates';
import { install, npmCommand } from './install.ts';
import { readArguments, usage, type Wish } from './read-arguments.ts';

const usageExitCode = 64;

/** The oldest Node that runs TypeScript and has everything that Flotilla needs. */
const neededNode = '24.15.0';

async function create(wish: Extract<Wish, { readonly kind: 'create' }>): Promise<number> {
  // Our own file: it has a version, and all packages have the same.
  const own = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  try {
    const draft = await draftProject({ ...wish, version: own.version, node: `>=${neededNode}` });
    await writeChanges(wish.folder, draft.changes);
  } catch (error) {
    if (!(error instanceof WishRefused || error instanceof ChangesRefused)) throw error;
    return refuse(error.message);
  }
  process.stdout.write(`${wish.folder} is made.\n`);
  const installed =
    !wish.install ||
    (await install(wish.folder, npmCommand(process.env['npm_execpath'], process.execPath, process.platform)));
  if (!installed) {
    process.stderr.write(
      `\ncreate-flotilla: the project is complete, but its dependencies were not installed; see the message of npm above.\nOnce that is solved: cd ${wish.folder} && npm install\n`,
    );
    return 1;
  }
  const steps = [`cd ${wish.folder}`, ...(wish.install ? [] : ['npm install']), 'npm start'];
  process.stdout.write(`\nNow:\n${steps.map((step) => `  ${step}`).join('\n')}\n`);
  return 0;
}

function refuse(message: string): number {
  process.stderr.write(`create-flotilla: ${message}\n`);
  return usageExitCode;
}

async function main(): Promise<number> {
  const wish = readArguments(process.argv.slice(2));
  switch (wish.kind) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'mistake':
      return refuse(wish.message);
    case 'create':
      return create(wish);
    default:
      return wish satisfies never;
  }
}

process.exitCode = await main();
