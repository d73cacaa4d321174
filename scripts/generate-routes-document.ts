import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'packages', 'gateway', 'src', 'config');

const opening = `# The gateway's routes file

<!-- Generated from the types in packages/gateway/src/config by "npm run generate". Do not edit. -->

\`GATEWAY_CONFIG\` names it; without it, \`apps/gateway/gateway.config.ts\` is used. It is a TypeScript or JavaScript module that
exports \`gateway\`, and is read at start and on \`SIGHUP\`. Everything that is wrong with it is said at once, each with its place
and the right form, and nothing is started. Options in **bold** must be there; lengths of time are in milliseconds, sizes in bytes.

The gateway answers \`/health\`, \`/ready\`, \`/livez\`, \`/readyz\` and \`/metrics\` itself, so no route can have them.
`;

/** What the document shows, in its order. */
const shown = [
  ...['GatewayConfig', 'ProxyRouteConfig', 'AggregateRouteConfig', 'ParameterConfig', 'PartConfig', 'ServiceConfig'],
  ...['FieldsPolicyConfig', 'FieldEditsConfig', 'AskPolicyConfig'],
  ...['RouteTimeouts', 'EngineTimeouts', 'EngineLimits', 'HealthSettings'],
];

/** The text of `docs/routes.md`: the options as their types have them, in the words that stand beside them. */
export function generateRoutesDocument(): string {
  const source = globSync('*.ts', { cwd: folder })
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  return [opening, ...shown.map((name) => section(name, source))].join('\n');
}

function section(name: string, source: string): string {
  const found = new RegExp(`(/\\*\\*(?:(?!\\*/)[^])*\\*/)\\nexport interface ${name} \\{\\n([^]*?)\\n\\}`).exec(source);
  if (found === null) throw new Error(`packages/gateway/src/config has no interface ${name} with a comment`);
  const [, comment = '', body = ''] = found;
  const rows = [...body.matchAll(/(?: {2}(\/\*\*(?:(?!\*\/)[^])*\*\/)\n)? {2}readonly (\w+)(\??): ([^;]+);/g)].map(
    ([, meaning, option = '', optional, type = '']) => {
      if (meaning === undefined) throw new Error(`${name}.${option} has no comment`);
      // Of a group, each option may be left out.
      const title = optional === '?' || source.includes(`Partial<${name}>`) ? `\`${option}\`` : `**\`${option}\`**`;
      return `| ${title} | ${typeText(type)} | ${cell(textOf(meaning))} |`;
    },
  );
  return `## ${name}\n\n${textOf(comment)}\n\n| option | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function textOf(comment: string): string {
  return comment
    .replaceAll(/^\/\*\*|\*\/$|^\s*\*(?: |$)/gm, ' ')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function typeText(type: string): string {
  const plain = type
    .replace(/^Partial<(\w+)>$/, '$1')
    .replace(/^Readonly<Record<string, (\w+)>>$/, '$1 by name')
    .replace(/^Readonly<Record<number, (\w+)>>$/, '$1 by status')
    .replace(/^readonly (\w+)\[\]$/, 'list of $1');
  const linked = plain.replaceAll(/\b(RouteConfig|[A-Z]\w+)\b/g, (name) => linkTo(name));
  return cell(linked.replaceAll(/'[^']*'/g, '`$&`'));
}

function linkTo(name: string): string {
  if (name === 'RouteConfig') return `${linkTo('ProxyRouteConfig')} or ${linkTo('AggregateRouteConfig')}`;
  if (name === 'PolicyConfig') return `${linkTo('FieldsPolicyConfig')} or ${linkTo('AskPolicyConfig')}`;
  if (name === 'KnownError') return '[error](errors.md)';
  if (name === 'RouteMethod') return 'method';
  return shown.includes(name) ? `[${name}](#${name.toLowerCase()})` : name;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
