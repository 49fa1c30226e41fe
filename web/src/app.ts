// SPDX-License-Identifier: MIT
// What every page sees: the newest snapshot with its age, the language, and a way to be drawn again.
import type { Maybe, Snapshot } from './api';
import { h, type Child, type VNode } from './dom';
import { Format, type Language } from './format';

export type Connection = 'connecting' | 'live' | 'stale' | 'lost' | 'locked';
export type Theme = 'auto' | 'light' | 'dark';
export const page_names = ['live', 'cells', 'history', 'events', 'diagnostics', 'settings', 'commands'] as const;
export type PageName = (typeof page_names)[number];

export interface App {
  page: PageName;
  format: Format;
  theme: Theme;
  snapshot: Snapshot | null;
  received: number; // performance.now() of the newest snapshot
  received_at: number; // the same in unix seconds of this device
  connection: Connection;
  messages: number;
  connects: number;
  event_news: number; // rises with each event the daemon tells
  redraw(): void;
  reconnect(): void;
}

export interface Page {
  view(): Child;
  enter?(): void;
  leave?(): void;
}

// Seconds since the newest snapshot came.
export function silence(app: App): number {
  return app.snapshot ? (performance.now() - app.received) / 1000 : 0;
}

// An age inside the snapshot, as old as it is by now.
export function age_now(app: App, age_s: Maybe<number>): number | null {
  return typeof age_s === 'number' ? age_s + silence(app) : null;
}

// The daemon's clock, as far as it told it; else that of this device.
export function unix_now(app: App): number {
  const told = app.snapshot?.time;
  return typeof told === 'number' ? told + silence(app) : Date.now() / 1000;
}

export function texts(app: App) {
  return app.format.texts;
}

export function card(title: string, id: string, ...children: Child[]): VNode {
  return h('section', { class: 'card', 'aria-labelledby': id, key: id }, h('h2', { id }, title), children);
}

export function facts(rows: [string, Child][]): VNode {
  return h('dl', { class: 'facts' }, rows.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}

export function notice(text: string, ...more: Child[]): VNode {
  return h('p', { class: 'notice' }, text, more);
}

// What is remembered in this browser; private windows may refuse it.
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`jk-pylon.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`jk-pylon.${key}`, value);
  } catch {
    // It then lasts as long as the page.
  }
}

export function language_of_browser(): Language {
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
}
