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

const telling = 'pass|pwd|secret|token|key|credential|auth';
const tellingName = new RegExp(telling, 'i');
/** A part of a connection string, of a query, of options or of JSON: `Password=x;`, `?token=x&`, `--api-key x`, `"secret": "x"`. */
const tellingPart = new RegExp(
  `([\\w.-]*(?:${telling})[\\w.-]*["']?(?:\\s*[=:]\\s*|\\s+))("[^"]*"|'[^']*'|[^\\s;&,#]+)`,
  'gi',
);

/** Of a variable with a telling name nothing is shown, nor of a part of its value that has one; of a URL all but who logs in. */
function withoutSecret(name: string, value: string): string {
  if (tellingName.test(name)) return '***';
  return value.replaceAll(/\/\/[^/@\s]+@/g, '//***@').replaceAll(tellingPart, '$1***');
}
