import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeOptions } from './option-document.ts';

const gateway = join(import.meta.dirname, '..', 'packages', 'gateway', 'src');

const opening = `# The gateway's routes file

<!-- Generated from the types in packages/gateway/src by "npm run generate". Do not edit. -->

A TypeScript or JavaScript module that exports \`gateway\`. The gateway reads \`gateway.config.ts\` in its working folder, or the file that
\`GATEWAY_CONFIG\` names, when it starts and on \`SIGHUP\`. If something is wrong with it, every mistake is reported at once, with its place
and the right form, and nothing starts. Options in **bold** are required. Times are in milliseconds, sizes in bytes.

The gateway answers \`/health\`, \`/ready\`, \`/livez\`, \`/readyz\` and \`/metrics\` itself, so no route can have these paths.
`;

/** What the document shows, in its order. Of a union it shows each member. */
const sections = [
  ...['GatewayConfig', 'ProxyRouteConfig', 'AggregateRouteConfig', 'ParameterConfig', 'PartConfig', 'ServiceConfig'],
  ...['PolicyConfig', 'FieldEditsConfig'],
  ...['RouteTimeouts', 'EngineTimeouts', 'EngineLimits', 'HealthSettings'],
  ...['BalanceConfig', 'KeySource'],
];

/** The text of `docs/routes.md`: the options as their types have them, in the words that stand beside them. */
export function generateRoutesDocument(): string {
  const source = globSync(['config/*.ts', 'balance/*.ts'], { cwd: gateway, exclude: ['**/*.test.ts'] })
    .sort()
    .map((file) => readFileSync(join(gateway, file), 'utf8'))
    .join('\n');
  // Each balancer has the interface of its options beside it.
  const balances = source.match(/(?<=^export interface )\w+Balance(?= \{)/gm) ?? [];
  const words = { KnownError: '[error](errors.md)', RouteMethod: 'method' };
  return [opening, describeOptions({ source, sections, unions: { BalanceConfig: balances }, words })].join('\n');
}
