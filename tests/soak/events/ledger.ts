import type { Database, Migration, Transaction } from '@flotilla/kit/database';
import { consumerTable } from '@flotilla/kit/events';

/** How often each event took effect. */
export interface LedgerTables {
  readonly ledger: { readonly event_id: string; readonly times: number };
  readonly event_consumers: { readonly name: string; readonly position: number };
}

/** The tables of the ledger. */
export const ledgerMigrations: readonly Migration[] = [
  {
    id: '0001-create-ledger',
    sql: (words) => `
      CREATE TABLE ledger (
        event_id ${words.text(36)} NOT NULL PRIMARY KEY,
        times ${words.wholeNumber} NOT NULL
      ) ${words.strictTable};
      ${consumerTable(words)}
    `,
  },
];

/** The effect of any event: its count goes up by one. */
export async function countEvent(transaction: Transaction, { id }: { readonly id: string }): Promise<void> {
  const query: Database<LedgerTables>['query'] = transaction.query;
  const known = await query.selectFrom('ledger').select('times').where('event_id', '=', id).executeTakeFirst();
  if (known === undefined) await query.insertInto('ledger').values({ event_id: id, times: 1 }).executeTakeFirst();
  else
    await query
      .updateTable('ledger')
      .set({ times: known.times + 1 })
      .where('event_id', '=', id)
      .executeTakeFirst();
}
