/** What the theme knows of the page that is shown, as far as it matters here. */
interface ShownPage {
  readonly page: { readonly value: { readonly relativePath: string } };
}

/**
 * Where the menu of languages leads: to the same page, or for a decision record, which is in English alone, to the page
 * about decisions. Runs in the browser, where it arrives as text: it may use nothing from outside itself.
 */
export function otherLanguage({ page }: ShownPage, _route: unknown, language: string): string {
  const path = page.value.relativePath.replace(/^zh\//, '').replace(/(?:index)?\.md$/, '');
  const folder = language === 'root' ? '/' : `/${language}/`;
  return folder + (path.startsWith('adr/') && language !== 'root' ? 'decisions' : path);
}
