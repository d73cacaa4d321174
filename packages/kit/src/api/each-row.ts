import type { ClientPage } from './api-client.ts';

/**
 * All rows of a list, fetching one page after the other:
 *
 * ```ts
 * for await (const cart of eachRow(carts.listCarts({ limit: 100 }))) console.log(cart.id);
 * ```
 */
export async function* eachRow<Row>(first: Promise<ClientPage<Row>> | ClientPage<Row>): AsyncGenerator<Row> {
  let page = await first;
  for (;;) {
    yield* page.rows;
    if (page.next === undefined) return;
    page = await page.next();
  }
}
