// Says what publint and "Are the types wrong?" find in packed packages: a line for each finding, on stdout.
// Usage: node check-tarballs.mjs <tarball> …
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemKindInfo } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

// What of the ways to look for types is no way to ours: those that knew no "exports", and "require" of ES modules.
const passedOver = new Set(['node10', 'node16-cjs']);

for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const say = (tool, text) => process.stdout.write(`${basename(file)}: ${tool}: ${text}\n`);

  const tarball = new Uint8Array(bytes).buffer;
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  for (const message of messages) say('publint', formatMessage(message, pkg, { color: false }));

  const { types, problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  if (types === false) say('attw', 'there are no types');
  for (const problem of problems ?? []) {
    if (passedOver.has(problem.resolutionKind)) continue;
    const where = problem.entrypoint ?? problem.fileName ?? problem.pos ?? '';
    say('attw', `${where} ${problem.resolutionKind ?? ''}: ${problemKindInfo[problem.kind].description}`);
  }
}
