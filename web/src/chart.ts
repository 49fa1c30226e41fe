// SPDX-License-Identifier: MIT
// One plot of the history: uPlot with the page's colours, times by Intl, event markers, and a legend of buttons.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { EventRecord, Maybe } from './api';
import { h, render, type VNode } from './dom';
import type { Format } from './format';

export interface Line {
  key: string;
  name: string;
  color: string; // of a custom property: "--charge"
  values: Maybe<number>[];
  dashed?: boolean;
  band?: { low: Maybe<number>[]; high: Maybe<number>[] }; // the extremes around each value
}

export interface ChartData {
  title: string;
  unit: string;
  digits: number;
  time: number[];
  lines: Line[];
  events: EventRecord[];
  range?: [number, number]; // of the axis
  span: [number, number]; // of the time
}

export interface ChartActions {
  zoom(from: number, to: number): void;
  zoom_out(): void;
}

const height = 220;

function color_of(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function time_label(f: Format, unix: number, step: number, first: boolean, span: number): string {
  if (step >= 86400 * 28) return f.date(unix, { month: 'short', year: first || new Date(unix * 1000).getMonth() === 0 ? 'numeric' : undefined });
  if (step >= 86400) return f.date(unix, { day: 'numeric', month: 'short' });
  const date = new Date(unix * 1000);
  const midnight = date.getHours() === 0 && date.getMinutes() === 0;
  if (span > 86400 && midnight) return f.date(unix, { day: 'numeric', month: 'short' });
  return f.date(unix, step < 60 ? { hour: '2-digit', minute: '2-digit', second: '2-digit' } : { hour: '2-digit', minute: '2-digit' });
}

function extent(values: Maybe<number>[]): { low: number; high: number; last: number } | null {
  const known = values.filter((v): v is number => typeof v === 'number');
  if (known.length === 0) return null;
  let low = known[0]!;
  let high = known[0]!;
  for (const v of known) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return { low, high, last: known[known.length - 1]! };
}

// What the picture shows, for somebody who does not see it.
export function summary(data: ChartData, f: Format): string {
  const parts = data.lines.map((line) => {
    const e = extent(line.values);
    if (!e) return `${line.name}: ${f.texts.unknown}`;
    const text = (v: number) => f.unit(v, data.unit, data.digits);
    return f.texts.history.summary(line.name, text(e.low), text(e.high), text(e.last));
  });
  return `${data.title}. ${parts.join('. ')}`;
}

const marker_apart_px = 7;
const most_marker_lines = 25; // more would hide the values

// One marker for what happened close together, in the colour of the worst of it.
function places_of(u: uPlot, events: EventRecord[]): Map<number, EventRecord['severity']> {
  const apart = marker_apart_px * devicePixelRatio;
  const places = new Map<number, EventRecord['severity']>();
  for (const event of events) {
    if (typeof event.time !== 'number') continue;
    const x = u.valToPos(event.time, 'x', true);
    if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) continue;
    const place = Math.round(x / apart) * apart;
    const before = places.get(place);
    if (before !== 'error' && (before !== 'warning' || event.severity === 'error')) places.set(place, event.severity);
  }
  return places;
}

function draw_marker(u: uPlot, x: number, severity: EventRecord['severity'], with_line: boolean): void {
  const { ctx, bbox } = u;
  const size = 4 * devicePixelRatio;
  ctx.strokeStyle = ctx.fillStyle = color_of(severity === 'error' ? '--bad' : severity === 'warning' ? '--warn' : '--muted');
  ctx.globalAlpha = severity === 'info' ? 0.5 : 0.8;
  ctx.beginPath();
  ctx.moveTo(x - size, bbox.top);
  ctx.lineTo(x + size, bbox.top);
  ctx.lineTo(x, bbox.top + size * 1.5);
  ctx.fill();
  if (severity === 'info' || !with_line) return;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
}

function markers(events: EventRecord[]): uPlot.Plugin {
  return {
    hooks: {
      draw: (u) => {
        const places = places_of(u, events);
        const with_lines = [...places.values()].filter((s) => s !== 'info').length <= most_marker_lines;
        u.ctx.save();
        for (const [x, severity] of places) draw_marker(u, x, severity, with_lines);
        u.ctx.restore();
      },
    },
  };
}

export class Chart {
  private plot: uPlot | null = null;
  private readonly canvas_box: HTMLElement;
  private readonly legend: HTMLElement;
  private readonly resize: ResizeObserver;
  private readonly hidden = new Set<string>();
  private data: ChartData | null = null;
  private shape = '';
  private dragging = false;

  constructor(element: HTMLElement, private readonly actions: ChartActions, private format: () => Format) {
    this.legend = document.createElement('div');
    this.legend.className = 'legend';
    this.canvas_box = document.createElement('div');
    this.canvas_box.className = 'plot';
    this.canvas_box.setAttribute('role', 'img');
    element.append(this.legend, this.canvas_box);
    this.resize = new ResizeObserver(() => {
      const width = this.canvas_box.clientWidth;
      if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height });
    });
    this.resize.observe(this.canvas_box);
    this.canvas_box.addEventListener('mousedown', () => { this.dragging = true; });
    this.canvas_box.addEventListener('dblclick', () => this.actions.zoom_out());
  }

  // Made anew when its lines, words or colours change; else only the values are replaced.
  show(data: ChartData): void {
    const f = this.format();
    const shape = JSON.stringify([data.lines.map((l) => [l.key, l.name]), f.language, document.documentElement.dataset['theme']]);
    this.data = data;
    this.canvas_box.setAttribute('aria-label', summary(data, f));
    this.plot?.destroy();
    this.plot = this.make(data, f);
    this.shape = shape;
    this.draw_legend(null);
  }

  // Colours or words may have changed while the values did not.
  refresh(): void {
    if (!this.data) return;
    const f = this.format();
    const shape = JSON.stringify([this.data.lines.map((l) => [l.key, l.name]), f.language, document.documentElement.dataset['theme']]);
    if (shape !== this.shape) this.show(this.data);
  }

  destroy(): void {
    this.resize.disconnect();
    this.plot?.destroy();
  }

  private make(data: ChartData, f: Format): uPlot {
    const ink = color_of('--muted');
    const grid = { stroke: color_of('--line'), width: 1 };
    const font = '12px system-ui, sans-serif';
    const span = data.span[1] - data.span[0];
    const options: uPlot.Options = {
      width: this.canvas_box.clientWidth || 320,
      height,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'history' }, drag: { x: true, y: false, setScale: false } },
      scales: { x: { time: true, range: () => data.span }, y: data.range ? { range: data.range } : {} },
      axes: [
        {
          stroke: ink, grid, ticks: grid, font, size: 32, space: 64,
          values: (_u, splits, _axis, _space, step) => splits.map((s, i) => time_label(f, s, step, i === 0, span)),
        },
        {
          stroke: ink, grid, ticks: grid, font, size: 58,
          values: (_u, splits, _axis, _space, step) =>
            splits.map((s) => f.number(s, Math.max(0, Math.min(3, -Math.floor(Math.log10(step) + 1e-9))))),
        },
      ],
      series: [
        {},
        ...data.lines.map((line): uPlot.Series => ({
          label: line.name,
          stroke: color_of(line.color),
          width: line.dashed ? 1.25 : 1.75,
          dash: line.dashed ? [5, 4] : undefined,
          spanGaps: false,
          points: { show: false },
          show: !this.hidden.has(line.key),
        })),
      ],
      plugins: [markers(data.events)],
      hooks: {
        setSelect: [
          (u) => {
            // The other charts show the same selection; only the one under the pointer acts on it.
            if (!this.dragging || u.select.width < 8) return;
            this.dragging = false;
            const from = u.posToVal(u.select.left, 'x');
            const to = u.posToVal(u.select.left + u.select.width, 'x');
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            this.actions.zoom(from, to);
          },
        ],
        setCursor: [(u) => this.draw_legend(u.cursor.idx ?? null)],
      },
    };
    const column = (values: Maybe<number>[]) => values.map((v) => v ?? null);
    const columns = data.lines.map((line) => column(line.values));
    options.bands = [];
    for (const line of data.lines) {
      if (!line.band) continue;
      const fill = color_of(line.color) + '33';
      for (const values of [line.band.high, line.band.low]) {
        columns.push(column(values));
        options.series.push({ width: 0, points: { show: false }, show: !this.hidden.has(line.key) });
      }
      options.bands.push({ series: [options.series.length - 2, options.series.length - 1], fill });
    }
    return new uPlot(options, [data.time, ...columns], this.canvas_box);
  }

  private draw_legend(index: number | null): void {
    const data = this.data;
    if (!data) return;
    const f = this.format();
    const buttons: VNode[] = data.lines.map((line) => {
      const e = extent(line.values);
      const value = index === null ? e?.last : line.values[index];
      return h('button', {
        type: 'button', key: line.key, 'aria-pressed': String(!this.hidden.has(line.key)),
        on: {
          click: () => {
            if (!this.hidden.delete(line.key)) this.hidden.add(line.key);
            this.show(data); // its band goes with it
          },
        },
      },
      h('span', { class: line.dashed ? 'swatch dashed' : 'swatch', 'aria-hidden': 'true', style: { 'border-color': `var(${line.color})` } }),
      h('span', null, line.name), ' ', h('b', null, f.unit(value, data.unit, data.digits)));
    });
    const time = index === null ? null : data.time[index];
    render(this.legend, buttons, h('span', { class: 'muted legend-time' }, time ? f.moment(time) : ''));
  }
}
