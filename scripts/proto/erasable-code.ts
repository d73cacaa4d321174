/**
 * What protoc-gen-es writes, in the form that this repository allows: without `enum`, which Node cannot strip (a constant object
 * and a type of the same name stand for it), and without comments that repeat the code.
 */
export function erasableCode(generated: string): string {
  return generated
    .replaceAll(/^\/\/ @generated .*\n|^\/\* eslint-disable \*\/\n/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/^export enum (\w+) \{\n([\s\S]*?)^\}/gm, (_whole, name: string, members: string) => {
      const values = members.replaceAll(/^( +\w+) = (-?\d+),$/gm, '$1: $2,');
      return `export const ${name} = {\n${values}} as const;\n\nexport type ${name} = (typeof ${name})[keyof typeof ${name}];`;
    })
    .replaceAll(/^ *\/\*\*\n(?: *\*.*\n)*? *\*\/\n/gm, ownComment);
}

function ownComment(comment: string): string {
  const lines = comment.split('\n').slice(1, -2);
  const own = lines.filter((line) => !/^ *\* (?:@generated |Describes the |Use `create\()/.test(line));
  const first = own.findIndex((line) => !/^ *\*\s*$/.test(line));
  const last = own.findLastIndex((line) => !/^ *\*\s*$/.test(line));
  if (first < 0) return '';
  const [open = '', close = ''] = [comment.split('\n', 1)[0], comment.split('\n').at(-2)];
  return `${[open, ...own.slice(first, last + 1), close].join('\n')}\n`;
}
