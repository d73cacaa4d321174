/**
 * The words of a text that the search finds it by. Chinese has no spaces between words, so every two neighbouring
 * characters count as one. Runs in the browser as well, where it arrives as text: it may use nothing from outside itself.
 */
export function searchWords(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((word) => word.split(/(\p{Script=Han}+)/u))
    .filter((part) => part !== '')
    .flatMap((part) => {
      if (!/^\p{Script=Han}/u.test(part) || part.length === 1) return [part];
      const characters = Array.from(part);
      return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
    });
}
