import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
  const document: Document = { source, shown: sections.flatMap((name) => membersOf(name, source) ?? [name]) };
  return [opening, ...document.shown.map((name) => section(name, document))].join('\n');
}

interface Document {
  /** All types of the configuration. */
  readonly source: string;
  /** The interfaces that have a section. */
  readonly shown: readonly string[];
}

/** The members of a union of interfaces; undefined when the name is none's. */
function membersOf(name: string, source: string): readonly string[] | undefined {
  // Each balancer has the interface of its options beside it.
  if (name === 'BalanceConfig') return source.match(/(?<=^export interface )\w+Balance(?= \{)/gm) ?? undefined;
  return new RegExp(`^export type ${name} =([^;']+);`, 'm').exec(source)?.[1]?.match(/\w+Config/g) ?? undefined;
}

function section(name: string, document: Document): string {
  const { source } = document;
  const found = new RegExp(`(/\\*\\*(?:(?!\\*/)[^])*\\*/)\\nexport interface ${name} \\{\\n([^]*?)\\n\\}`).exec(source);
  if (found === null) throw new Error(`packages/gateway/src has no interface ${name} with a comment`);
  const [, comment = '', body = ''] = found;
  const rows = [...body.matchAll(/(?: {2}(\/\*\*(?:(?!\*\/)[^])*\*\/)\n)? {2}readonly (\w+)(\??): ([^;]+);/g)].map(
    ([, meaning, option = '', optional, type = '']) => {
      if (meaning === undefined) throw new Error(`${name}.${option} has no comment`);
      // Of a group, each option may be left out.
      const title = optional === '?' || source.includes(`Partial<${name}>`) ? `\`${option}\`` : `**\`${option}\`**`;
      return `| ${title} | ${typeText(type, document)} | ${cell(textOf(meaning))} |`;
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

function typeText(type: string, document: Document): string {
  const plain = type
    .replace(/^Partial<(\w+)>$/, '$1')
    .replace(/^Readonly<Record<string, (\w+)>>$/, '$1 by name')
    .replace(/^Readonly<Record<number, (\w+)>>$/, '$1 by status')
    .replace(/^readonly (\w+)\[\]$/, 'list of $1');
  const linked = plain.replaceAll(/\b[A-Z]\w+\b/g, (name) => linkTo(name, document));
  return cell(linked.replaceAll(/'[^']*'/g, '`$&`'));
}

function linkTo(name: string, document: Document): string {
  const members = membersOf(name, document.source);
  if (members !== undefined) return members.map((member) => linkTo(member, document)).join(' or ');
  if (name === 'KnownError') return '[error](errors.md)';
  if (name === 'RouteMethod') return 'method';
  return document.shown.includes(name) ? `[${name}](#${name.toLowerCase()})` : name;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
