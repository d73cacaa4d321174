import type { ResourceName } from './resource-name.ts';

/**
 * Writes a name in place of the one that the templates are written with. They say "tiny gadget" in every form: so they
 * are code that compiles and runs as it stands, and each form can be told from the others.
 */
export function fillIn(text: string, name: ResourceName): string {
  const forms: Readonly<Record<string, string>> = {
    'tiny-gadgets': name.kebabs,
    'tiny-gadget': name.kebab,
    tinyGadgets: name.camels,
    tinyGadget: name.camel,
    TinyGadgets: name.pascals,
    TinyGadget: name.pascal,
    TINY_GADGET: name.upper,
    tiny_gadgets: name.snakes,
    'tiny gadgets': name.wordsPlural,
    'tiny gadget': name.words,
    'Tiny gadgets': capital(name.wordsPlural),
    'Tiny gadget': capital(name.words),
  };
  return text.replace(
    /[Tt]iny[ -]gadgets?|[Tt]inyGadgets?|TINY_GADGET|tiny_gadgets/g,
    (found) => forms[found] ?? found,
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
