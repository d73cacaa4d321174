/**
 * The statements of the smallest servers, with each database's own driver and nothing between: one user by id, and an
 * order of a known user with its event in one transaction (undefined: the user is not known). `now` and `newId` are what an event has to have.
 */
import { randomUUID } from 'node:crypto';

const selectUser = 'SELECT id, name, email FROM users WHERE id = ?';
const selectKnown = 'SELECT deleted_at FROM known_users WHERE user_id = ?';
/** Nobody may delete the user before the order is written; a transaction of SQLite excludes all other writers. */
const holdKnown = `${selectKnown} LOCK IN SHARE MODE`;
const insertOrder = 'INSERT INTO orders (user_id, item, amount_cents) VALUES (?, ?, ?)';
const insertEvent =
  'INSERT INTO event_outbox (event_id, type, subject, happened_at, data, traceparent) VALUES (?, ?, ?, ?, ?, ?)';

/** The values of the event of an order. */
function eventOf(id, userId, item, cents) {
  const data = JSON.stringify({ id, user_id: userId, item, amount: cents / 100 });
  return [randomUUID(), 'order.placed', `orders/${id}`, Date.now(), data, null];
}

/** Opens the database of a URL. */
export function openBare(url) {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length));
  return url.startsWith('postgres:') ? openPostgres(url) : openMysql(url);
}

async function openSqlite(file) {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file);
  // As the services have it: what is acknowledged is on the disk.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
  const kept = new Map();
  const prepared = (sql) => {
    if (!kept.has(sql)) kept.set(sql, database.prepare(sql));
    return kept.get(sql);
  };
  return {
    findUser: async (id) => prepared(selectUser).get(id),
    async placeOrder(userId, item, cents) {
      database.exec('BEGIN IMMEDIATE');
      if (prepared(selectKnown).get(userId)?.deleted_at !== null) {
        database.exec('ROLLBACK');
        return undefined;
      }
      const id = Number(prepared(insertOrder).run(userId, item, cents).lastInsertRowid);
      prepared(insertEvent).run(...eventOf(id, userId, item, cents));
      database.exec('COMMIT');
      return id;
    },
  };
}

async function openPostgres(url) {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const numbered = (sql) => {
    let index = 0;
    return sql.replaceAll('?', () => `$${(index += 1)}`);
  };
  const [user, known, event] = [selectUser, selectKnown, insertEvent].map(numbered);
  const hold = `${known} FOR SHARE`;
  const order = `${numbered(insertOrder)} RETURNING id`;
  return {
    async findUser(id) {
      const row = (await pool.query(user, [id])).rows[0];
      return row && { ...row, id: Number(row.id) };
    },
    async placeOrder(userId, item, cents) {
      const client = await pool.connect();
      await client.query('BEGIN');
      if ((await client.query(hold, [userId])).rows[0]?.deleted_at !== null) {
        await client.query('ROLLBACK');
        client.release();
        return undefined;
      }
      const id = Number((await client.query(order, [userId, item, cents])).rows[0].id);
      await client.query(event, eventOf(id, userId, item, cents));
      await client.query('COMMIT');
      client.release();
      return id;
    },
  };
}

async function openMysql(url) {
  const { createPool } = await import('mysql2/promise');
  const pool = createPool({ uri: url.replace(/^mariadb:/, 'mysql:'), connectionLimit: 10 });
  return {
    findUser: async (id) => (await pool.execute(selectUser, [id]))[0][0],
    async placeOrder(userId, item, cents) {
      const connection = await pool.getConnection();
      await connection.beginTransaction();
      if ((await connection.execute(holdKnown, [userId]))[0][0]?.deleted_at !== null) {
        await connection.rollback();
        connection.release();
        return undefined;
      }
      const [{ insertId: id }] = await connection.execute(insertOrder, [userId, item, cents]);
      await connection.execute(insertEvent, eventOf(id, userId, item, cents));
      await connection.commit();
      connection.release();
      return id;
    },
  };
}
