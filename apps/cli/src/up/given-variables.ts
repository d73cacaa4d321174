import type { PlacedSpec } from '@flotilla/fleet/plan';

/** What the fleet tells every program, beside what its file says. */
const fromFleet = ['SERVER_PORT', 'PORT', 'SERVER_HOST', 'REGISTRY_URL', 'INSTANCE_ID'];

/** The variables that the fleet gives to a program that cannot be asked for its settings, as a table like `--print-config` prints. */
export function givenVariables({ program, env }: PlacedSpec): string {
  const names = [...new Set([...fromFleet, ...Object.keys(program.env)])].filter((name) => env[name] !== undefined);
  const rows = [
    ['SETTING', 'VALUE', 'FROM'] as const,
    ...names.map((name) => {
      const isOwn = env[name] === program.env[name];
      return [name, withoutSecret(name, env[name] ?? ''), isOwn ? 'flotilla.config.ts' : 'fleet'] as const;
    }),
  ];
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length)) + 2;
  return rows.map(([name, value, from]) => `${name.padEnd(width(0))}${value.padEnd(width(1))}${from}\n`).join('');
}

/** Of a variable with a telling name nothing is shown, of a URL all but who logs in. */
function withoutSecret(name: string, value: string): string {
  if (/pass|secret|token|key|credential|auth/i.test(name)) return '***';
  return value.replace(/\/\/[^/@\s]+@/, '//***@');
}
