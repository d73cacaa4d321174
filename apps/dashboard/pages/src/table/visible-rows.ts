/** What a list that scrolls has to draw. */
export interface VisibleRows {
  /** Index of the first row to draw. */
  readonly first: number;
  /** Index after the last row to draw. */
  readonly end: number;
  /** Height of all rows together, drawn or not. */
  readonly totalPx: number;
  /** How far below the top the first drawn row is. */
  readonly offsetPx: number;
}

/** Where a list is scrolled to. */
export interface ScrollPlace {
  readonly scrollTopPx: number;
  readonly heightPx: number;
}

/** Rows drawn above and below what is visible, so that a short scroll shows no empty space. */
const spareRows = 8;

/**
 * The rows of a list that are visible, with a few spare ones. All rows have the same height: then no row has to be measured, and 10,000
 * of them cost as much as those on the screen.
 */
export function visibleRows(rowCount: number, rowHeightPx: number, place: ScrollPlace): VisibleRows {
  const totalPx = rowCount * rowHeightPx;
  // Filters may have made the list shorter than where it was scrolled to.
  const top = Math.max(0, Math.min(place.scrollTopPx, totalPx - place.heightPx));
  const first = Math.max(0, Math.floor(top / rowHeightPx) - spareRows);
  const end = Math.min(rowCount, Math.ceil((top + place.heightPx) / rowHeightPx) + spareRows);
  return { first, end, totalPx, offsetPx: first * rowHeightPx };
}

/** Where to scroll to, so that a row is visible; the present place if it is already. */
export function scrollToRow(index: number, rowHeightPx: number, place: ScrollPlace): number {
  const top = index * rowHeightPx;
  if (top < place.scrollTopPx) return top;
  const below = top + rowHeightPx - place.heightPx;
  return below > place.scrollTopPx ? below : place.scrollTopPx;
}

/** The row that a key moves to; undefined if the key does not move. */
export function rowByKey(key: string, index: number, rowCount: number, rowsOnScreen: number): number | undefined {
  const last = rowCount - 1;
  if (last < 0) return undefined;
  const page = Math.max(1, rowsOnScreen - 1);
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'PageDown':
      return Math.min(last, index + page);
    case 'PageUp':
      return Math.max(0, index - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
