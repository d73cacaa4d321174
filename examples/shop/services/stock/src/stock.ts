import { AppError, type Clock } from '@flotilla/contracts';
import type { Database, Transaction } from '@flotilla/kit/database';
import type { ReservationRow, StockTables } from './stock-database.ts';
import { stockErrors } from './stock-errors.ts';

/** What is reserved. */
export interface Reservation {
  readonly id: string;
  readonly item: string;
  readonly count: number;
  readonly state: ReservationRow['state'];
}

/** What stock does. All of it may be repeated: a caller that got no answer just asks again. */
export interface Stock {
  /** How many of an item can be reserved now. @throws {AppError} ITEM_NOT_FOUND */
  left(item: string): Promise<number>;
  /**
   * Holds some of an item for a limited time. With an id that is known, it says what became of that; one that has expired is
   * held anew.
   *
   * @throws {AppError} ITEM_NOT_FOUND; OUT_OF_STOCK; RESERVATION_OVER if it was released, or has expired and nothing is left
   */
  reserve(id: string, item: string, count: number): Promise<Reservation & { readonly isNew: boolean }>;
  /** Sells what is held. @throws {AppError} RESERVATION_OVER */
  confirm(id: string): Promise<Reservation>;
  /**
   * Gives back what was held or sold. An id that is not known is noted: the request for it may still be under way, and
   * must not hold anything when it arrives.
   */
  release(id: string): Promise<void>;
}

/** Builds the service. `holdMs`: how long a reservation is held unless it is confirmed. */
export function stockOf(database: Database<unknown>, clock: Clock, holdMs: number): Stock {
  const tables = database as Database<StockTables>;
  type Query = (typeof tables)['query'];

  const countOf = async (query: Query, item: string): Promise<number> => {
    const row = await query.selectFrom('items').select('count').where('name', '=', item).executeTakeFirst();
    if (row === undefined) throw new AppError(stockErrors.ITEM_NOT_FOUND);
    return row.count;
  };
  const leftOf = async (query: Query, item: string): Promise<number> => {
    const count = await countOf(query, item);
    const held = await query
      .selectFrom('reservations')
      .select('count')
      .where('item', '=', item)
      .where('state', '=', 'held')
      .where('expires_at', '>', clock.now())
      .execute();
    return held.reduce((left, row) => left - row.count, count);
  };
  const find = (query: Query, id: string): Promise<ReservationRow | undefined> =>
    query.selectFrom('reservations').selectAll().where('id', '=', id).executeTakeFirst();
  const add = (query: Query, item: string, count: number): Promise<unknown> =>
    query
      .updateTable('items')
      .set((row) => ({ count: row('count', '+', count) }))
      .where('name', '=', item)
      .execute();
  const put = async (query: Query, row: ReservationRow, isNew: boolean): Promise<Reservation> => {
    const { id, ...rest } = row;
    if (isNew) await query.insertInto('reservations').values(row).execute();
    else await query.updateTable('reservations').set(rest).where('id', '=', id).execute();
    return shown(row);
  };
  const transaction = <T>(work: (query: Query) => Promise<T>): Promise<T> =>
    tables.transaction(({ query }: Transaction<StockTables>) => work(query));

  return {
    left: (item) => leftOf(tables.query, item),
    reserve: (id, item, count) =>
      transaction(async (query) => {
        // Locks the item in every kind of database: two reservations at once must not count the same pieces.
        await add(query, item, 0);
        const known = await find(query, id);
        if (known?.state === 'released') throw new AppError(stockErrors.RESERVATION_OVER);
        if (known !== undefined && (known.item !== item || known.count !== count))
          throw new AppError('UNPROCESSABLE', { detail: 'This id belongs to a reservation of something else.' });
        if (known?.state === 'confirmed' || (known !== undefined && known.expires_at > clock.now()))
          return { ...shown(known), isNew: false };
        const left = await leftOf(query, item);
        if (left < count && known !== undefined) throw new AppError(stockErrors.RESERVATION_OVER);
        if (left < count) throw new AppError(stockErrors.OUT_OF_STOCK, { parameters: { left } });
        const isNew = known === undefined;
        const row = { id, item, count, state: 'held', expires_at: clock.now() + holdMs } as const;
        return { ...(await put(query, row, isNew)), isNew };
      }),
    confirm: (id) =>
      transaction(async (query) => {
        const item = (await find(query, id))?.item;
        if (item !== undefined) await add(query, item, 0);
        const known = await find(query, id);
        if (known?.state === 'confirmed') return shown(known);
        if (known === undefined || known.state === 'released' || known.expires_at <= clock.now())
          throw new AppError(stockErrors.RESERVATION_OVER);
        await add(query, known.item, -known.count);
        return put(query, { ...known, state: 'confirmed' }, false);
      }),
    release: (id) =>
      transaction(async (query) => {
        const item = (await find(query, id))?.item;
        if (item !== undefined) await add(query, item, 0);
        const known = await find(query, id);
        if (known?.state === 'released') return;
        if (known?.state === 'confirmed') await add(query, known.item, known.count);
        const nothing = { id, item: '', count: 0, expires_at: 0 };
        await put(query, { ...nothing, ...known, state: 'released' }, known === undefined);
      }),
  };
}

function shown({ id, item, count, state }: ReservationRow): Reservation {
  return { id, item, count, state };
}
