/** The page's style. Nothing in it is fetched: fonts are the reader's own. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1b1f24, #e4e8ec);
  --soft: light-dark(#57606a, #a3adb8);
  --line: light-dark(#d7dce1, #343b43);
  --paper: light-dark(#fff, #15191e);
  --card: light-dark(#f6f8fa, #1c2128);
  --link: light-dark(#0a58ca, #79b8ff);
  --get: light-dark(#0b6b3a, #7ddca4);
  --write: light-dark(#8a4b00, #f0b46a);
  --delete: light-dark(#a5202c, #ff9a9f);
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
code, .path { font: 0.92em ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: 0.5rem 1rem; z-index: 1; }
header { padding: 1.5rem 1rem 1rem; border-bottom: 1px solid var(--line); }
header h1 { margin: 0; font-size: 1.6rem; }
header p { margin: 0.4rem 0 0; color: var(--soft); }
header .links { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; }
nav { padding: 0.5rem 1rem; border-bottom: 1px solid var(--line); }
nav summary { cursor: pointer; font-weight: 600; padding: 0.4rem 0; }
nav h2 { font-size: 0.95rem; color: var(--soft); margin: 0.8rem 0 0.2rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: 0.25rem 0; text-decoration: none; }
nav li a:hover { text-decoration: underline; }
main { padding: 1rem; max-width: 60rem; min-width: 0; }
article { border: 1px solid var(--line); border-radius: 8px; padding: 1rem; margin: 1rem 0; background: var(--card); }
article h3 { margin: 0; font-size: 1.05rem; display: flex; flex-wrap: wrap; gap: 0.2rem 0.7rem; align-items: baseline; }
article h4 { margin: 1rem 0 0.2rem; font-size: 0.9rem; color: var(--soft); }
article p { margin: 0.5rem 0; }
.method { font: 700 0.85em ui-monospace, Menlo, Consolas, monospace; color: var(--write); min-width: 3.6rem; }
.method.get { color: var(--get); }
.method.delete { color: var(--delete); }
dl { margin: 0; }
dl > div { padding: 0.35rem 0; border-top: 1px solid var(--line); display: grid; grid-template-columns: minmax(7rem, 14rem) 1fr; gap: 0.2rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; min-width: 0; }
dd dl { margin-top: 0.3rem; }
.soft { color: var(--soft); font-weight: 400; font-size: 0.88em; }
.note { border-left: 4px solid var(--write); padding: 0.2rem 0.8rem; margin: 0.8rem 0; }
@media (max-width: 40rem) { dl > div { grid-template-columns: 1fr; } }
@media (min-width: 60rem) {
  .columns { display: grid; grid-template-columns: 20rem minmax(0, 1fr); }
  nav { border: 0; border-right: 1px solid var(--line); position: sticky; top: 0; max-height: 100vh; overflow-y: auto; }
  main { padding: 1rem 2rem; }
}
`;
