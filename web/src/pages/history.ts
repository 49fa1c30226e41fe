// SPDX-License-Identifier: MIT
// What was: charts over an hour to two years with limits and events, and the energy of each day.
import * as api from '../api';
import type { EnergyDays, EventRecord, History, Maybe } from '../api';
import { card, notice, texts, unix_now, type App, type Page } from '../app';
import { Chart, type ChartData, type Line } from '../chart';
import { h, type Child, type VNode } from '../dom';
import { energy_picture } from '../energy';
import { token } from '../token';
import { event_table } from './events';

const hour = 3600;
const day = 24 * hour;
const ranges: Record<string, number> = {
  '1h': hour, '6h': 6 * hour, '1d': day, '1w': 7 * day, '1m': 30 * day, '1y': 365 * day, '2y': 730 * day,
};
const shortest_s = 60;
const events_shown = 20;
const energy_days = 30;

interface ChartKind {
  id: string;
  unit: string;
  digits: number;
  range?: [number, number];
  lines: { key: string; color: string; dashed?: boolean; below?: boolean; band?: boolean; of?: string }[];
}

const kinds: ChartKind[] = [
  {
    id: 'power', unit: 'W', digits: 0, lines: [
      { key: 'power_w', color: '--charge', band: true }, { key: 'grid_w', color: '--grid', band: true }, { key: 'peer_w', color: '--peer' }],
  },
  {
    id: 'current', unit: 'A', digits: 1, lines: [
      { key: 'current_a', color: '--charge', band: true },
      { key: 'charge_limit_a', color: '--warn', dashed: true },
      { key: 'discharge_limit_a', color: '--discharge', dashed: true, below: true }],
  },
  { id: 'soc', unit: '%', digits: 1, range: [0, 100], lines: [{ key: 'soc_pct', color: '--charge' }] },
  {
    id: 'cells', unit: 'V', digits: 3, lines: [
      { key: 'cell_max_v', color: '--bad', of: 'cell_max_v_max' }, { key: 'cell_min_v', color: '--discharge', of: 'cell_min_v_min' }],
  },
  { id: 'voltage', unit: 'V', digits: 2, lines: [{ key: 'voltage_v', color: '--charge' }] },
  { id: 'temperature', unit: '°C', digits: 1, lines: [{ key: 'temperature_c', color: '--warn' }] },
];
const series = kinds.flatMap((kind) => kind.lines.map((line) => line.key));
// The extremes between two points, which a mean over an hour would hide.
const extremes = kinds.flatMap((kind) => kind.lines.flatMap((line) =>
  line.band ? [`${line.key}_min`, `${line.key}_max`] : line.of ? [line.of] : []));

function points_wanted(): number {
  return Math.max(200, Math.min(1200, Math.round(document.documentElement.clientWidth * 0.9)));
}

function band_of(history: History, key: string): Line['band'] {
  const low = history.series[`${key}_min`];
  const high = history.series[`${key}_max`];
  return low && high ? { low, high } : undefined;
}

// With a token in use a plain link would be refused.
async function download(url: string): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await api.blob(url));
  link.download = 'jk-pylon-history.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

export function make_history(app: App): Page {
  let range = '1d';
  let span: [number, number] | null = null; // absent: up to now
  const back: [number, number][] = []; // what was shown before each zoom
  let data: History | null = null;
  let events: EventRecord[] = [];
  let energy: EnergyDays | null = null;
  let state: 'loading' | 'good' | 'failed' = 'loading';
  let error = '';
  let running: AbortController | null = null;
  let timer: number | undefined;
  const charts = new Map<string, Chart>();

  const shown = (): [number, number] => {
    if (span) return span;
    const now = Math.ceil(unix_now(app));
    return [now - ranges[range]!, now];
  };

  function chart_data(kind: ChartKind, history: History): ChartData {
    const t = texts(app).history;
    const lines: Line[] = kind.lines.filter((line) => history.series[line.key]?.some((v) => typeof v === 'number')).map((line) => ({
      key: line.key,
      name: t.series[line.key] ?? line.key,
      color: line.color,
      dashed: line.dashed,
      values: line.below ? history.series[line.key]!.map((v: Maybe<number>) => (typeof v === 'number' ? -v : null))
        : history.series[line.of ?? line.key] ?? history.series[line.key]!,
      band: line.band ? band_of(history, line.key) : undefined,
    }));
    return {
      title: t.charts[kind.id] ?? kind.id, unit: kind.unit, digits: kind.digits, time: history.time, lines, events,
      range: kind.range, span: [history.from, history.to],
    };
  }

  function draw_charts(): void {
    if (!data) return;
    for (const kind of kinds) charts.get(kind.id)?.show(chart_data(kind, data));
  }

  async function load_events(from: number, to: number): Promise<EventRecord[]> {
    const found: EventRecord[] = [];
    let before: number | undefined;
    // The newest come first, so a span long ago needs some pages to get there.
    for (let i = 0; i < 4; ++i) {
      const page = await api.events(app.format.language, before, 500);
      found.push(...page.events.filter((e) => typeof e.time === 'number' && e.time >= from && e.time <= to));
      const last = page.events[page.events.length - 1];
      if (!page.more || !last || (typeof last.time === 'number' && last.time < from)) break;
      before = last.id;
    }
    return found;
  }

  async function load(quiet = false): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    clearTimeout(timer);
    if (!quiet) state = 'loading';
    app.redraw();
    const [from, to] = shown();
    try {
      const [history, list, days] = await Promise.all([
        api.history(Math.floor(from), Math.ceil(to), points_wanted(), [...series, ...extremes], mine.signal),
        load_events(from, to).catch(() => [] as EventRecord[]),
        api.energy(energy_days).catch(() => null),
      ]);
      if (mine.signal.aborted) return;
      data = history;
      events = list;
      energy = days;
      state = 'good';
    } catch (e) {
      if (mine.signal.aborted) return;
      state = 'failed';
      error = !(e instanceof api.RequestError) || e.status === 0 ? texts(app).no_answer
        : e.status === 404 ? texts(app).history.off : e.message;
    }
    app.redraw();
    // The chart's elements are there after the next frame only.
    requestAnimationFrame(() => requestAnimationFrame(draw_charts));
    if (!span) timer = window.setTimeout(() => void load(true), ranges[range]! <= 6 * hour ? 15000 : 60000);
  }

  function go_to(from: number, to: number, remember: boolean): void {
    if (remember) back.push(shown());
    const now = unix_now(app);
    const length = Math.max(shortest_s, to - from);
    if (to > now) [from, to] = [now - length, now];
    span = [from, Math.max(to, from + length)];
    void load();
  }

  function move(by: number): void {
    const [from, to] = shown();
    const step = (to - from) * by;
    go_to(from + step, to + step, false);
  }

  function zoom_in(): void {
    const [from, to] = shown();
    const quarter = (to - from) / 4;
    go_to(from + quarter, to - quarter, true);
  }

  function zoom_out(): void {
    const before = back.pop();
    const [from, to] = shown();
    if (before) [span] = [before];
    else span = [from - (to - from) / 2, Math.min(unix_now(app), to + (to - from) / 2)];
    void load();
  }

  function pick(name: string): void {
    range = name;
    span = null;
    back.length = 0;
    void load();
  }

  function chart_box(kind: ChartKind): VNode {
    return h('div', {
      class: 'chart', key: kind.id,
      mount: (element) => {
        const chart = new Chart(element, { zoom: (from, to) => go_to(from, to, true), zoom_out }, () => app.format);
        charts.set(kind.id, chart);
        return () => {
          charts.delete(kind.id);
          chart.destroy();
        };
      },
    });
  }

  function tools(): VNode {
    const t = texts(app).history;
    const button = (name: string, action: () => void, disabled = false) =>
      h('button', { type: 'button', disabled, on: { click: action } }, name);
    const [from, to] = shown();
    const csv = api.history_csv(Math.floor(from), Math.ceil(to), 2000, series);
    return h('div', { class: 'history-tools', key: 'tools' },
      h('fieldset', { class: 'segments' }, h('legend', { class: 'hidden' }, t.range),
        Object.keys(ranges).map((name) => h('label', { key: name },
          h('input', { type: 'radio', name: 'range', value: name, checked: name === range && !span, on: { change: () => pick(name) } }),
          h('span', null, t.ranges[name]!)))),
      h('div', { class: 'buttons' },
        button(t.earlier, () => move(-0.5)), button(t.later, () => move(0.5), !span),
        button(t.zoom_in, zoom_in), button(t.zoom_out, zoom_out), button(t.now, () => pick(range), !span),
        h('a', {
          class: 'button', href: csv, download: 'jk-pylon-history.csv',
          on: { click: (event) => { if (token()) { event.preventDefault(); void download(csv).catch(() => undefined); } } },
        }, t.csv)));
  }

  function body(): Child {
    const t = texts(app);
    if (state === 'failed') return notice(t.failed(error), ' ', h('button', { type: 'button', on: { click: () => void load() } }, t.retry));
    if (!data) return notice(t.loading);
    const history = data;
    const known = kinds.filter((kind) => kind.lines.some((line) => history.series[line.key]?.some((v) => typeof v === 'number')));
    if (known.length === 0) return notice(t.history.none);
    const f = app.format;
    return [
      h('p', { class: 'muted small' }, t.history.shown(f.moment(history.from), f.moment(history.to)),
        history.step_s ? `, ${t.history.step(f.duration(history.step_s))}` : '', '. ', t.history.hint),
      h('div', { class: state === 'loading' ? 'charts loading' : 'charts' },
        known.map((kind) => h('section', { class: 'card', key: kind.id, 'aria-labelledby': `chart-${kind.id}` },
          h('h2', { id: `chart-${kind.id}` }, t.history.charts[kind.id]!), chart_box(kind)))),
    ];
  }

  let language = app.format.language;
  return {
    enter() {
      void load();
    },
    leave() {
      running?.abort();
      clearTimeout(timer);
    },
    view() {
      const t = texts(app);
      if (language !== app.format.language) {
        language = app.format.language;
        void load(true);
      }
      requestAnimationFrame(() => charts.forEach((chart) => chart.refresh()));
      return [
        tools(),
        h('div', { key: 'body' }, body()),
        energy && energy.days.length > 0 ? card(t.history.energy, 'energy-days', energy_picture(energy, app.format)) : null,
        data && state !== 'failed' ? card(t.history.events, 'history-events', events.length === 0
          ? h('p', null, t.history.no_events)
          : h('div', { class: 'scroll' }, event_table(app, events.slice(0, events_shown)))) : null,
      ];
    },
  };
}
