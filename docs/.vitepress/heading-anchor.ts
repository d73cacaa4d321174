/** The anchor that GitHub gives a heading: letters, digits, `_` and `-` stay, a space becomes `-`, all else is dropped. */
export function headingAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
