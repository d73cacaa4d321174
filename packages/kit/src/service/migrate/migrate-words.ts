import type { DatabaseDefinition, Migration, MigrationState, PlannedScript } from '../../database/index.ts';

/** How a migration stands, as JSON for other programs. */
export interface ShownMigration {
  readonly id: string;
  /** `newer`: applied by a newer release, which alone has it. `half-done`: some of its statements have taken effect. */
  readonly state: 'applied' | 'missing' | 'half-done' | 'newer';
  readonly applied_at?: string;
  /** Withdrawn: it does nothing. */
  readonly retired?: true;
  /** Whether it has a down. */
  readonly has_down?: boolean;
  readonly statements?: { readonly done: number; readonly of: number };
}

/** All migrations of a database and of the program, in the order of ids. */
export function shownMigrations(state: MigrationState, { migrations }: DatabaseDefinition): readonly ShownMigration[] {
  const { applied, pending, newer, unfinished } = state;
  const known = new Map(migrations.map((migration) => [migration.id, factsOf(migration)]));
  const isNewer = new Set(newer.map(({ id }) => id));
  const shown = [
    ...applied.map(({ id, appliedAt }): ShownMigration => {
      const what = isNewer.has(id) ? 'newer' : 'applied';
      return { id, state: what, applied_at: appliedAt, ...known.get(id) };
    }),
    ...pending.map(({ id }): ShownMigration => ({ id, state: 'missing', ...known.get(id) })),
  ];
  return shown
    .map((one): ShownMigration => {
      if (unfinished?.id !== one.id) return one;
      const { done, of } = unfinished;
      return { ...one, state: 'half-done', statements: { done, of } };
    })
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

function factsOf(migration: Migration): Pick<ShownMigration, 'retired' | 'has_down'> {
  return 'retired' in migration ? { retired: true } : { has_down: migration.down !== undefined };
}

/** The same for people. */
export function statusLines(database: string, migrations: readonly ShownMigration[]): readonly string[] {
  const width = Math.max(0, ...migrations.map(({ id }) => id.length));
  const missing = migrations.filter(({ state }) => state === 'missing' || state === 'half-done').length;
  const summary =
    missing === 0
      ? 'Nothing is missing.'
      : `${missing === 1 ? 'A migration is' : `${missing} migrations are`} missing: apply with "migrate up".`;
  return [database, ...migrations.map((one) => `  ${one.id.padEnd(width)}  ${standing(one)}`), summary];
}

function standing({ state, applied_at: at = '', retired, statements }: ShownMigration): string {
  switch (state) {
    case 'applied':
      return `applied ${at}${retired === true ? ' (withdrawn since)' : ''}`;
    case 'newer':
      return `applied ${at} by a newer version`;
    case 'missing':
      return retired === true ? 'missing (withdrawn: does nothing)' : 'missing';
    case 'half-done':
      return `half done: ${statements?.done ?? 0} of ${statements?.of ?? 0} statements`;
    default:
      return state satisfies never;
  }
}

/** The SQL of planned migrations, under their names. */
export function scriptText(direction: 'up' | 'down', scripts: readonly PlannedScript[]): string {
  return scripts
    .map(({ id, sql }) => {
      const body = dedented(sql);
      return `-- ${id} (${direction})\n${body === '' ? '-- nothing' : body}\n`;
    })
    .join('\n');
}

/** Without the indentation that all lines share. */
function dedented(sql: string): string {
  const lines = sql
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const shared = Math.min(...indents, 1_000);
  return lines.map((line) => line.slice(shared).trimEnd()).join('\n');
}
