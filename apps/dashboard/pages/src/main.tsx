import { render } from 'preact';
import { createApiClient } from './api/api-client.ts';
import { openLiveFeed } from './api/live-feed.ts';
import { type App, AppContext, tickingClock } from './app/app.ts';
import { createNotices } from './app/notices.ts';
import { keptPreferences } from './browser/preferences.ts';
import { createRouter } from './browser/router.ts';
import { pages, sections } from './page-table.ts';
import { Shell } from './shell/shell.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/ui.css';

const preferences = keptPreferences(window);
const app: App = {
  preferences,
  router: createRouter(window),
  api: createApiClient(
    () => preferences.language.value,
    () => {
      const { pathname, search } = window.location;
      window.location.assign(`/login?next=${encodeURIComponent(pathname + search)}`);
    },
  ),
  live: openLiveFeed('/api/events'),
  notices: createNotices(),
  nowMs: tickingClock(),
};

const root = document.getElementById('app');
if (root !== null)
  render(
    <AppContext.Provider value={app}>
      <Shell pages={pages} sections={sections} />
    </AppContext.Provider>,
    root,
  );
