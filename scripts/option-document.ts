/** Types of options, from which a document is made. */
export interface OptionTypes {
  /** The TypeScript that declares them. Each option, and each interface, needs a comment. */
  readonly source: string;
  /** The interfaces to show, in order. Of a union, each of its members is shown. */
  readonly sections: readonly string[];
  /** Members of unions that the source does not write as a list of names. */
  readonly unions?: Readonly<Record<string, readonly string[]>>;
  /** What to write for types that have no section. */
  readonly words?: Readonly<Record<string, string>>;
}

/** Markdown with a section for each interface and a row for each option, in the words of their comments. */
export function describeOptions(types: OptionTypes): string {
  const shown = types.sections.flatMap((name) => membersOf(name, types) ?? [name]);
  return shown.map((name) => section(name, { ...types, sections: shown })).join('\n');
}

/** The members of a union of interfaces; undefined when the name is none's. */
function membersOf(name: string, { source, unions }: OptionTypes): readonly string[] | undefined {
  return (
    unions?.[name] ??
    new RegExp(`^export type ${name} =([^;']+);`, 'm').exec(source)?.[1]?.match(/\w+Config/g) ??
    undefined
  );
}

function section(name: string, types: OptionTypes): string {
  const { source } = types;
  const declaration = `(/\\*\\*(?:(?!\\*/)[^])*\\*/)\\nexport interface ${name}(?: extends (\\w+))? \\{\\n([^]*?)\\n\\}`;
  const found = new RegExp(declaration).exec(source);
  if (found === null) throw new Error(`No interface ${name} with a comment`);
  const [, comment = '', base, body = ''] = found;
  const rows = [...body.matchAll(/(?: {2}(\/\*\*(?:(?!\*\/)[^])*\*\/)\n)? {2}readonly (\w+)(\??): ([^;]+);/g)]
    .filter(([, , , , type]) => type !== 'never')
    .map(([, meaning, option = '', optional, type = '']) => {
      if (meaning === undefined) throw new Error(`${name}.${option} has no comment`);
      // Of a group, each option may be left out.
      const title = optional === '?' || source.includes(`Partial<${name}>`) ? `\`${option}\`` : `**\`${option}\`**`;
      return `| ${title} | ${typeText(type, types)} | ${cell(textOf(meaning))} |`;
    });
  const more = base === undefined ? '' : `\n\nIt also has the options of ${linkTo(base, types)}.`;
  return `## ${name}\n\n${textOf(comment)}${more}\n\n| option | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function textOf(comment: string): string {
  return comment
    .replaceAll(/^\/\*\*|\*\/$|^\s*\*(?: |$)/gm, ' ')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function typeText(type: string, types: OptionTypes): string {
  const plain = type
    .replace(/^Partial<(\w+)>$/, '$1')
    .replace(/^Readonly<Record<string, (\w+)>>$/, '$1 by name')
    .replace(/^Readonly<Record<number, (\w+)>>$/, '$1 by status')
    .replace(/^readonly (\w+)\[\]$/, 'list of $1')
    .replace(/^readonly \[(\w+), \.\.\.\1\[\]\]$/, 'list of $1')
    .replaceAll(/\bfalse\b/g, '`false`');
  const linked = plain.replaceAll(/\b[A-Z]\w+\b/g, (name) => linkTo(name, types));
  return cell(linked.replaceAll(/'[^']*'/g, '`$&`'));
}

function linkTo(name: string, types: OptionTypes): string {
  const members = membersOf(name, types);
  if (members !== undefined) return members.map((member) => linkTo(member, types)).join(' or ');
  return types.words?.[name] ?? (types.sections.includes(name) ? `[${name}](#${name.toLowerCase()})` : name);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
