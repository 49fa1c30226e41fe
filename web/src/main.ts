// SPDX-License-Identifier: MIT
import './style/base.css';
import './style/pages.css';
import { language_of_browser, page_names, remembered, type App, type Page, type PageName, type Theme } from './app';
import { Live } from './connection';
import { render } from './dom';
import { dictionaries, Format, type Language } from './format';
import { make_cells } from './pages/cells';
import { make_commands } from './pages/commands';
import { make_diagnostics } from './pages/diagnostics';
import { make_events } from './pages/events';
import { make_history } from './pages/history';
import { make_live } from './pages/live';
import { make_settings } from './pages/settings';
import { apply_theme, shell } from './shell';

const root = document.getElementById('app')!;
let drawing = 0;

const stored_language = remembered('language');
const stored_theme = remembered('theme');
const app: App = {
  page: 'live',
  format: new Format(stored_language && stored_language in dictionaries ? (stored_language as Language) : language_of_browser()),
  theme: stored_theme === 'light' || stored_theme === 'dark' ? stored_theme : ('auto' as Theme),
  snapshot: null,
  received: 0,
  received_at: 0,
  connection: 'connecting',
  messages: 0,
  connects: 0,
  event_news: 0,
  redraw() {
    if (!drawing) drawing = requestAnimationFrame(draw);
  },
  reconnect() {
    live.open();
    pages[app.page].enter?.(); // what was refused before
  },
};

const pages: Record<PageName, Page> = {
  live: make_live(app),
  cells: make_cells(app),
  history: make_history(app),
  events: make_events(app),
  diagnostics: make_diagnostics(app),
  settings: make_settings(app),
  commands: make_commands(app),
};

function draw(): void {
  drawing = 0;
  document.documentElement.lang = app.format.language;
  document.title = `${app.format.texts.pages[app.page]} · jk-pylon`;
  render(root, ...shell(app, pages[app.page]));
}

function page_of_address(): PageName {
  const name = location.hash.replace(/^#\/?/, '');
  return page_names.find((page) => page === name) ?? 'live';
}

function go(): void {
  const before = app.page;
  app.page = page_of_address();
  if (app.page === before) return;
  pages[before].leave?.();
  pages[app.page].enter?.();
  draw();
  window.scrollTo(0, 0);
  // The reader of a screen hears the new page's heading.
  document.querySelector<HTMLElement>('main h1')?.focus();
}

apply_theme(app);
app.page = page_of_address();
root.replaceChildren();
pages[app.page].enter?.();
draw();
window.addEventListener('hashchange', go);

const live = new Live(app);
live.open();
setInterval(() => {
  live.tick();
  if (!document.hidden) app.redraw(); // ages grow
}, 1000);
