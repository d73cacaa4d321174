/**
 * Writes the generated files. With `--check` writes nothing, names the files that are out of date, and exits 1 if there
 * is any. Usage: `node scripts/generate.ts [--check]`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCliDocument } from './generate-cli-document.ts';
import { generateConfigDocument } from './generate-config-document.ts';
import { generateErrorsDocument } from './generate-errors-document.ts';
import { generateFleetDocument } from './generate-fleet-document.ts';
import { generateHttp1Document } from './generate-http1-document.ts';
import { generateRoutesDocument } from './generate-routes-document.ts';
import { dashboards } from './grafana/dashboards.ts';
import { dashboardJson } from './grafana/panel.ts';
import { staleProtoCode, writeProtoCode } from './proto/write-proto-code.ts';

const root = join(import.meta.dirname, '..');
const checkOnly = process.argv.includes('--check');

const generated: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/cli.md': generateCliDocument,
  'docs/config.md': generateConfigDocument,
  'docs/errors.md': generateErrorsDocument,
  'docs/fleet.md': generateFleetDocument,
  'docs/http1.md': generateHttp1Document,
  'docs/routes.md': generateRoutesDocument,
  ...Object.fromEntries(
    Object.entries(dashboards).map(([name, dashboard]) => [
      `deploy/grafana/${name}.json`,
      () => dashboardJson(dashboard),
    ]),
  ),
};

// First: the documents describe programs that use this code.
if (!checkOnly) {
  const problem = writeProtoCode(root);
  if (problem !== undefined) {
    console.error(problem);
    process.exit(1);
  }
}
let stale = 0;
for (const path of checkOnly ? staleProtoCode(root) : []) {
  stale += 1;
  console.error(`${path} is out of date: run "npm run generate"`);
}
for (const [path, generate] of Object.entries(generated)) {
  const text = await generate();
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale += 1;
  if (checkOnly) console.error(`${path} is out of date: run "npm run generate"`);
  else writeFileSync(file, text);
}
if (checkOnly && stale > 0) process.exit(1);
