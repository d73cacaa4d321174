export { decodeCursor, encodeCursor } from './cursor.ts';
export { entityTag, matchesStrongly, matchesWeakly, type NamedTags, readTags } from './entity-tag.ts';
export { lineOfText } from './line-of-text.ts';
export { maxMoney, moneySchema, parseMoney, showMoney, shownMoneySchema } from './money.ts';
export { noQuerySchema } from './no-query.ts';
export {
  maxPageSize,
  type Page,
  type PageQuery,
  type PageQueryShape,
  type PageRequest,
  pageQueryShape,
  readPage,
} from './page.ts';
export { parseRecordId, readRecordId, recordIdParameter, recordIdSchema } from './record-id.ts';
export { takeWireShape, type WireShape, wireShape } from './wire-shape.ts';
export { type GuardedWrite, type Precondition, writeIfUnchanged } from './write-if-unchanged.ts';
