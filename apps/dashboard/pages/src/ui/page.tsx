import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';

interface PageProps {
  readonly title: string;
  /** What there is to see, in a few words or figures. */
  readonly lead?: ComponentChildren;
  /** Filters and buttons for the whole page. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A page with its head; its title is that of the tab too. */
export function Page({ title, lead, tools, children }: PageProps): JSX.Element {
  useEffect(() => {
    document.title = `${title} · Flotilla`;
  }, [title]);
  return (
    <div class="page">
      <div class="page-head">
        <h1>{title}</h1>
        {lead !== undefined && <span class="lead">{lead}</span>}
        {tools !== undefined && <div class="tools">{tools}</div>}
      </div>
      {children}
    </div>
  );
}

/** A part of a page on a ground of its own. */
export function Panel({
  title,
  tools,
  flush = false,
  children,
}: {
  readonly title?: ComponentChildren;
  readonly tools?: ComponentChildren;
  /** Whether the content reaches the edges, as tables do. */
  readonly flush?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="panel">
      {title !== undefined && (
        <div class="panel-head">
          <h2>{title}</h2>
          {tools !== undefined && <div class="tools">{tools}</div>}
        </div>
      )}
      {flush ? children : <div class="panel-body">{children}</div>}
    </section>
  );
}
