import { isBlank } from '../compare-migrations.ts';

/** What the statements of a script are written in. */
export type ScriptLanguage = 'postgres' | 'mysql';

/** What cannot end a statement: texts and names in quotes, comments, PostgreSQL's `$tag$` texts. */
const closed: Readonly<Record<ScriptLanguage, RegExp>> = {
  // A backslash protects the next character in MySQL's texts only.
  mysql: /'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"|`[^`]*`|--(?:[ \t].*)?$|#.*$|\/\*[^]*?\*\//my,
  postgres: /[eE]'(?:[^'\\]|\\[^]|'')*'|'[^']*'|"[^"]*"|\$([A-Za-z_]\w*)?\$[^]*?\$\1\$|--.*$|\/\*[^]*?\*\//my,
};

const word = /[A-Za-z_]\w*/y;

/** Programs inside of the database, whose bodies have statements of their own. */
const hasBody = /^CREATE\b.*\b(?:TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE)\b/is;

/**
 * Splits a script into its statements, for databases that run them one by one. Statements that are only comments are left
 * out. The bodies of triggers and procedures belong to the statement that creates them.
 */
export function splitStatements(script: string, language: ScriptLanguage): readonly string[] {
  const statements: string[] = [];
  let begin = 0;
  let depth = 0;
  const end = (at: number): void => {
    const statement = script.slice(begin, at).trim();
    if (!isBlank(statement)) statements.push(statement);
    begin = at + 1;
    depth = 0;
  };
  for (let at = 0; at < script.length; ) {
    const quoted = matchAt(closed[language], script, at);
    if (quoted !== undefined) {
      at += quoted.length;
      continue;
    }
    const name = matchAt(word, script, at)?.toUpperCase();
    if (name !== undefined) {
      if (language === 'mysql') depth += depthOf(name, script.slice(begin, at), script.slice(at + name.length));
      at += name.length;
      continue;
    }
    if (script[at] === ';' && depth === 0) end(at);
    at += 1;
  }
  end(script.length);
  return statements;
}

/** By how much a word changes the depth of the body that it stands in. `before`: the statement up to it. */
function depthOf(name: string, before: string, after: string): number {
  if (name === 'BEGIN' || name === 'CASE') {
    // `END CASE` has been counted at its END.
    if (/\bEND\s+$/i.test(before)) return 0;
    return hasBody.test(withoutComments(before)) ? 1 : 0;
  }
  if (name !== 'END' || !hasBody.test(withoutComments(before))) return 0;
  // These close what was not counted.
  return /^\s+(?:IF|LOOP|WHILE|REPEAT)\b/i.test(after) ? 0 : -1;
}

function withoutComments(sql: string): string {
  return sql.replaceAll(/--.*$|#.*$|\/\*[^]*?\*\//gm, '').trim();
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The beginning of a statement on one line, for messages. */
export function shortStatement(statement: string): string {
  const line = withoutComments(statement).replaceAll(/\s+/g, ' ');
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}
