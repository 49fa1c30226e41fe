// SPDX-License-Identifier: MIT
// The power flow of the site as a picture: arrows by direction and size. What is not known is drawn as such.
import type { Battery, Snapshot } from './api';
import { h, type Child, type VNode } from './dom';
import type { Format } from './format';

interface Branch {
  id: string;
  x1: number; y1: number; // at the node
  x2: number; y2: number; // at the house
  power: number | null; // + from the house to the node
}

interface Flows {
  battery: number | null; // + charging
  grid: number | null; // + exporting
  peer: number | null; // + charging
  has_grid: boolean;
  has_peer: boolean;
}

export function watts_of(battery: Battery): number | null {
  return typeof battery.current_a === 'number' ? battery.voltage_v * battery.current_a : null;
}

export function flows_of(snapshot: Snapshot): Flows {
  const battery = snapshot.battery;
  const site = snapshot.site;
  return {
    battery: battery ? watts_of(battery) : null,
    grid: site?.grid?.power_w ?? null,
    peer: site?.peer?.power_w ?? null,
    has_grid: !!site?.grid,
    has_peer: !!site?.peer,
  };
}

// What sun and loads leave over (+) or need (-); null while a part of it is not known.
export function house_of(flows: Flows): number | null {
  if (!flows.has_grid || flows.grid === null || flows.battery === null) return null;
  if (flows.has_peer && flows.peer === null) return null;
  return flows.grid + flows.battery + (flows.peer ?? 0);
}

const flowing = (power: number | null): power is number => power !== null && Math.abs(power) >= 5;

// 5 W to 6 kW become 3 to 16 units, so that small flows stay visible.
function width_of(power: number): number {
  return 3 + 13 * Math.min(1, Math.sqrt(Math.abs(power) / 6000));
}

function arrow(branch: Branch): VNode {
  const { x1, y1, x2, y2, power } = branch;
  const line = { x1, y1, x2, y2 };
  if (!flowing(power)) {
    return h('g', { key: branch.id }, h('line', { ...line, class: power === null ? 'flow-unknown' : 'flow-none' }));
  }
  const out = power > 0; // away from the house
  const [fx, fy, tx, ty] = out ? [x2, y2, x1, y1] : [x1, y1, x2, y2];
  const width = width_of(power);
  const size = 7 + width;
  const length = Math.hypot(tx - fx, ty - fy);
  const [ux, uy] = [(tx - fx) / length, (ty - fy) / length];
  const [mx, my] = [fx + (tx - fx) * 0.56, fy + (ty - fy) * 0.56];
  const tip = `${mx + ux * size},${my + uy * size}`;
  const left = `${mx - uy * size * 0.75 - ux * size * 0.4},${my + ux * size * 0.75 - uy * size * 0.4}`;
  const right = `${mx + uy * size * 0.75 - ux * size * 0.4},${my - ux * size * 0.75 - uy * size * 0.4}`;
  return h('g', { class: `flow ${branch.id}`, key: branch.id },
    h('line', { x1: fx, y1: fy, x2: tx, y2: ty, class: 'flow-line', 'stroke-width': width.toFixed(1) }),
    h('line', { x1: fx, y1: fy, x2: tx, y2: ty, class: 'flow-dash', 'stroke-width': Math.max(2, width / 3).toFixed(1) }),
    h('polygon', { points: `${tip} ${left} ${right}`, class: 'flow-head' }));
}

const icons: Record<string, string> = {
  // Drawn in a square of 24.
  grid: 'M12 2 7 22M12 2l5 20M8.500 8h7M7.500 13h9M6.500 18h11M4 8h16',
  house: 'M3 11 12 4l9 7M5.500 10v10h13V10M10 20v-6h4v6',
};

function node(x: number, y: number, kind: string, title: string, value: string, extra: string, battery?: number | null): VNode {
  const w = 168;
  const height = 62;
  const fill = typeof battery === 'number' ? Math.max(0, Math.min(100, battery)) : null;
  return h('g', { class: `node ${kind}`, transform: `translate(${x - w / 2} ${y - height / 2})`, key: kind },
    h('rect', { width: w, height, rx: 12, class: 'node-box' }),
    fill === null ? null : h('rect', { x: 3, y: height - 6, width: ((w - 6) * fill / 100).toFixed(1), height: 5, rx: 2.5, class: 'node-fill' }),
    icons[kind] ? h('path', { d: icons[kind], class: 'icon', transform: 'translate(10 3) scale(.85)' }) : battery_icon(fill),
    h('text', { x: 36, y: 18, class: 'node-title' }, title),
    h('text', { x: w / 2, y: extra ? 37 : 42, class: 'node-value', 'text-anchor': 'middle' }, value),
    h('text', { x: w / 2, y: 52, class: 'node-extra', 'text-anchor': 'middle' }, extra));
}

function battery_icon(fill: number | null): Child {
  const height = 14 * (fill ?? 0) / 100;
  return h('g', { transform: 'translate(10 3) scale(.85)' },
    h('path', { d: 'M9 4V2h6v2M6 4h12v18H6z', class: 'icon' }),
    fill === null ? null : h('rect', { x: 8, y: (20 - height).toFixed(1), width: 8, height: height.toFixed(1), class: 'icon-fill' }));
}

function house_words(power: number | null, f: Format): string {
  if (power === null) return '';
  if (Math.abs(power) < 5) return f.texts.balanced;
  const size = f.watts(Math.abs(power));
  return power > 0 ? f.texts.surplus(size) : f.texts.demand(size);
}

export function flow_picture(snapshot: Snapshot, f: Format): VNode {
  const t = f.texts;
  const flows = flows_of(snapshot);
  const house = house_of(flows);
  const battery = snapshot.battery;
  const peer = snapshot.site?.peer;
  const words = {
    grid: flows.has_grid ? f.grid(flows.grid) : t.flow.no_grid,
    battery: battery ? f.battery_watts(flows.battery) : t.unknown,
    peer: f.battery_watts(flows.peer),
  };
  const said = [
    `${t.flow.grid}: ${words.grid}`,
    `${t.flow.battery}: ${words.battery}${battery ? `, ${f.percent(battery.soc_pct)}` : ''}`,
    flows.has_peer ? `${t.flow.peer}: ${words.peer}` : null,
    house === null ? null : `${t.flow.house}: ${house_words(house, f)}`,
  ].filter(Boolean).join('. ');
  const bx = flows.has_peer ? 86 : 180;
  return h('svg', { viewBox: '0 0 360 340', role: 'img', 'aria-label': said, class: 'flow-picture' },
    arrow({ id: 'to-grid', x1: 180, y1: 64, x2: 180, y2: 138, power: flows.has_grid ? flows.grid : null }),
    arrow({ id: 'to-battery', x1: bx, y1: 276, x2: flows.has_peer ? 138 : 180, y2: 202, power: flows.battery }),
    flows.has_peer ? arrow({ id: 'to-peer', x1: 274, y1: 276, x2: 222, y2: 202, power: flows.peer }) : null,
    node(180, 32, 'grid', t.flow.grid, words.grid, ''),
    node(180, 170, 'house', t.flow.house, house_words(house, f), ''),
    node(bx, 308, 'battery', t.flow.battery, words.battery, battery ? `${f.volts(battery.voltage_v)} · ${f.percent(battery.soc_pct)}` : '', battery?.soc_pct ?? null),
    flows.has_peer ? node(274, 308, 'peer', t.flow.peer, words.peer, typeof peer?.current_a === 'number' ? f.battery(peer.current_a) : '') : null);
}
