import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeOptions } from './option-document.ts';

const config = join(import.meta.dirname, '..', 'packages', 'fleet', 'src', 'config');

const opening = `# The fleet file

<!-- Generated from the types in packages/fleet/src/config by "npm run generate". Do not edit. -->

\`flotilla.config.ts\` exports \`fleet\`: the programs that \`flotilla up\` runs. The command finds it in the current folder or in the nearest
folder above. If something is wrong with it, every mistake is reported at once, with its place and the right form, and nothing starts. Options in
**bold** are required. Times are in milliseconds.
`;

const sections = [
  ...['FleetConfig', 'ProgramConfig', 'ProgramOptions', 'RestartConfig', 'HealthConfig'],
  ...['OwnProgramConfig', 'GatewayProgramConfig', 'DashboardConfig'],
];

/** The text of `docs/fleet.md`: the options as their types have them, in the words that stand beside them. */
export function generateFleetDocument(): string {
  const files = ['fleet-config.ts', 'program-config.ts'];
  const source = files.map((file) => readFileSync(join(config, file), 'utf8')).join('\n');
  const words = { RestartWhen: "'always' | 'on-failure' | 'never'" };
  return [opening, describeOptions({ source, sections, words })].join('\n');
}
