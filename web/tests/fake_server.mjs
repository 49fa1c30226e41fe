// SPDX-License-Identifier: MIT
// Plays the daemon's HTTP interface with recorded snapshots that move a little, for looking at the dashboard and
// for its tests:   node tests/fake_server.mjs [PORT]
// It serves dist/, with the headers of the real one.
import { createServer } from 'node:http';
import { readFileSync, existsSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const recorded = JSON.parse(readFileSync(join(here, 'recorded.json'), 'utf8'));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
export const good_token = 'correct-horse';

const sun = (unix) => Math.max(0, Math.sin(((unix % 86400) / 86400) * 2 * Math.PI - Math.PI / 2));
const noise = (x) => Math.sin(x * 12.9898) * 0.5 + Math.sin(x * 4.1414) * 0.5;

// The series of the history as functions of the time.
const bank_a = (t) => 55 * sun(t) - 18 + 6 * noise(t / 900);
const series = {
  current_a: bank_a,
  voltage_v: (t) => 52.4 + 1.6 * sun(t) + 0.05 * noise(t / 300),
  power_w: (t) => bank_a(t) * 53,
  soc_pct: (t) => 55 + 40 * Math.sin(((t % 86400) / 86400) * 2 * Math.PI - Math.PI * 0.75),
  charge_limit_a: (t) => (sun(t) > 0.9 ? 22 : 60),
  discharge_limit_a: (t) => (sun(t) < 0.02 ? 40 : 60),
  cell_max_v: (t) => 3.29 + 0.11 * sun(t) + 0.004 * noise(t / 200),
  cell_min_v: (t) => 3.27 + 0.09 * sun(t) + 0.003 * noise(t / 250),
  temperature_c: (t) => 21 + 5 * sun(t - 7200),
  grid_w: (t) => 900 * sun(t) - 300 + 250 * noise(t / 400),
  peer_w: (t) => 2200 * sun(t) - 700 + 120 * noise(t / 700),
};

// "_min" and "_max" lie the further from the mean the more it covers.
function function_of(name, step_s) {
  const base = series[name.replace(/_(min|max)$/, '')];
  if (series[name] || !base) return series[name];
  const spread = (Math.min(1, step_s / 3600) * (name.startsWith('cell') ? 0.02 : name.endsWith('_w_min') || name.endsWith('_w_max') ? 500 : 8)) * (name.endsWith('_min') ? -1 : 1);
  return (t) => base(t) + spread;
}

function event_list(now) {
  const kinds = [
    ['phase_changed', 'info', 'charge phase: absorb', 'Ladephase: Absorption'],
    ['hard_stop_latched', 'error', 'garage: a cell reached 3.505 V; charging stopped until every cell is lower for a minute', 'garage: Eine Zelle hat 3,505 V erreicht; Laden gestoppt, bis alle Zellen eine Minute lang niedriger sind'],
    ['hard_stop_released', 'info', 'garage: hard stop released, highest cell 3.402 V', 'garage: Ladestopp aufgehoben, höchste Zelle 3,402 V'],
    ['peer_lost', 'warning', 'the second battery has told nothing for 62 s; the limits stay for a while and then follow control.coordination.on_unknown. Check its inverter and the network', 'Die zweite Batterie meldet seit 62 s nichts; die Grenzen bleiben eine Weile und folgen dann control.coordination.on_unknown. Ihren Wechselrichter und das Netzwerk prüfen'],
    ['peer_back', 'info', 'the second battery is known again', 'Die zweite Batterie ist wieder bekannt'],
  ];
  return Array.from({ length: 180 }, (_, i) => {
    const [code, severity, en, de] = kinds[i % kinds.length];
    return { id: i + 1, time: Math.round(now - (180 - i) * 1700), uptime_s: i * 1700, code, severity, pack: code.startsWith("hard") ? "garage" : null, en, de };
  });
}

const setting_keys = [
  ['pack[0].name', 'garage', '', '', 'How the pack is called in messages and in the status; without it pack1, pack2 and so on.'],
  ['pack[0].port', '/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0', '', '', 'The serial port of the BMS; a name below /dev/serial/by-id stays the same when adapters are replugged.'],
  ['pack[0].max_charge_a', 60, null, 'A', 'The most the pack may be charged with; every other rule only lowers it.'],
  ['pack[1].name', 'shed', '', '', 'How the pack is called in messages and in the status.'],
  ['can.interface', 'can0', 'can0', '', 'The Linux interface (kind socketcan).'],
  ['can.transmit', true, true, '', 'With false everything is computed and shown and nothing is sent: for the first wiring.'],
  ['control.preset', 'smooth', 'smooth', '', 'The curves and times that hold where no own ones are given.'],
  ['control.curves.charge_by_highest', [[3.38, 1], [3.42, 0.5], [3.45, 0.15], [3.48, 0.02], [3.5, 0]], null, '', 'Share of the maximum by the highest cell.'],
  ['control.voltage.charge_per_cell_v', 3.42, 3.45, 'V', 'The voltage of a cell to which the bank is charged.'],
  ['web.port', 8330, 8330, '', 'The port of the dashboard; 0 for a free one.'],
];

const command_names = ['max_charge_a', 'max_discharge_a', 'pause', 'force_charge', 'full_charge', 'float_hold'];

const clone = (value) => structuredClone(value);

// A second pack, a balancer at work and wire resistances, beside what the demo recorded.
function with_two_packs(snapshot) {
  const first = snapshot.packs[0];
  if (!first?.reading) return snapshot;
  const names = (text) => text.replaceAll('demo', 'garage');
  const result = JSON.parse(names(JSON.stringify(snapshot)));
  const second = clone(result.packs[0]);
  second.name = 'shed';
  second.reading.cells_mv = second.reading.cells_mv.map((mv, i) => mv - 4 + ((i * 7) % 5) - (i === 11 ? 23 : 0));
  second.reading.balancing = true;
  second.reading.wire_resistances_mohm = second.reading.cells_mv.map((_, i) => 48 + ((i * 13) % 9) + (i === 11 ? 40 : 0));
  second.path_resistance_mohm = 0.82;
  if (second.part) second.part.charge_share_pct = 38;
  if (result.packs[0].part) result.packs[0].part.charge_share_pct = 62;
  second.link.name = '/dev/ttyUSB1';
  second.link.detail = '';
  result.packs.push(second);
  return result;
}

// Far enough apart that they also arrive as pieces.
function write_apart(client, [first, ...rest]) {
  client.write(first);
  if (rest.length > 0) setTimeout(() => write_apart(client, rest), 25);
}

export class FakeDaemon {
  constructor({ base = '/', dist = process.env.JKP_WEB_DIST ?? join(here, '..', 'dist') } = {}) {
    this.base = base;
    this.dist = dist;
    this.scene = 'charging';
    this.two_packs = true;
    this.change = null; // (snapshot) => snapshot, as a test wants it
    this.allowed = ['max_charge_a', 'max_discharge_a', 'pause', 'force_charge'];
    this.active = {};
    this.writable = true;
    this.read_token = null;
    this.stream = 'good'; // 'broken': 502; 'silent': open and nothing comes
    this.snapshots = 'good'; // 'hanging'
    this.history = true;
    this.cut = false;
    this.posts = [];
    this.requests = [];
    this.started = Date.now();
    this.events = event_list(Date.now() / 1000);
    this.clients = new Set();
    this.sockets = new Set();
    this.hanging = new Set();
    this.server = null;
    this.port = 0;
  }

  async start() {
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = this.server.address().port;
    this.timer = setInterval(() => this.push(), 1000);
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.port}${this.base}`;
  }

  async stop() {
    clearInterval(this.timer);
    for (const socket of this.sockets) socket.destroy();
    this.clients.clear();
    await new Promise((resolve) => this.server.close(resolve));
  }

  snapshot() {
    const now = Date.now() / 1000;
    let s = clone(recorded[this.scene]);
    if (this.two_packs) s = with_two_packs(s);
    const wave = noise(now);
    if (s.battery && Math.abs(s.battery.current_a) > 1) {
      s.battery.current_a = Math.round((s.battery.current_a + wave) * 100) / 100;
      if (s.site?.grid?.power_w != null) s.site.grid.power_w = Math.round(s.site.grid.power_w - wave * 53);
    }
    const uptime = (Date.now() - this.started) / 1000;
    s.uptime_s += uptime;
    s.can.bursts += Math.floor(uptime);
    s.time = now;
    const nothing = { value: null, effective: null, who: null, since_s: null, expires_s: null };
    s.commands = command_names.map((command) => ({ command, allowed: this.allowed.includes(command), ...nothing, ...this.active[command] }));
    s.writable = this.writable;
    s.energy = { charged_kwh: 1207.3, discharged_kwh: 1098.6, imported_kwh: 310.8, exported_kwh: 845.1, transferred_kwh: 2.4 };
    return this.change ? this.change(s) : s;
  }

  push() {
    if (this.stream !== 'good') return;
    const text = `event: snapshot\ndata: ${JSON.stringify(this.snapshot())}\n\n`;
    for (const client of this.clients) write_apart(client, this.pieces(text));
  }

  // As a proxy may cut it: anywhere, with other line ends and comments in between.
  pieces(text) {
    if (!this.cut) return [text];
    const other = Buffer.from(`:\r\n${text.replaceAll('\n', '\r\n')}`);
    const umlaut = Math.max(40, other.indexOf('ö') + 1);
    return [other.subarray(0, 20), other.subarray(20, umlaut), other.subarray(umlaut, other.length - 1), other.subarray(other.length - 1)];
  }

  tell(event) {
    const record = { id: this.events.length + 1, time: Math.round(Date.now() / 1000), uptime_s: 1, pack: '', ...event };
    this.events.push(record);
    for (const client of this.clients) client.write(`event: event\ndata: ${JSON.stringify({ ...record, text: record.en })}\n\n`);
  }

  json(response, body, status = 200) {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(body));
  }

  answer(request, response) {
    const url = new URL(request.url, 'http://x');
    this.requests.push(url.pathname + url.search);
    if (!url.pathname.startsWith(this.base)) return this.json(response, { ok: false, error: 'nothing is here' }, 404);
    const path = url.pathname.slice(this.base.length);
    const query = url.searchParams;
    if (this.read_token && path.startsWith('api/') && request.headers.authorization !== `Bearer ${this.read_token}`) {
      return this.json(response, { ok: false, error: 'a token is wanted' }, 401);
    }
    if (path === 'api/v1/live') return this.live(response);
    if (path === 'api/v1/snapshot') {
      if (this.snapshots === 'hanging') return void this.hanging.add(response);
      return this.json(response, this.snapshot());
    }
    if (path === 'api/v1/events') return this.json(response, this.event_page(query));
    if (path === 'api/v1/history' && this.history) return this.json(response, this.history_of(query));
    if (path === 'api/v1/history.csv') {
      response.writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8', 'Cache-Control': 'no-store' });
      return response.end('time,soc_pct\n1,50\n');
    }
    if (path === 'api/v1/energy' && this.history) return this.json(response, this.energy(Number(query.get('days') ?? 30)));
    if (path === 'api/v1/settings') {
      return this.json(response, { file: '/etc/jk-pylon/jk-pylon.toml', keys: setting_keys.map(([key, value, preset, unit, help]) => ({ key, value, default: preset, unit, help })) });
    }
    if (path === 'api/v1/commands' && request.method === 'POST') return this.command(request, response);
    if (path.startsWith('api/')) return this.json(response, { ok: false, error: 'this is not recorded' }, 404);
    return this.file(path || 'index.html', response);
  }

  live(response) {
    if (this.stream === 'broken') return this.json(response, { ok: false, error: 'bad gateway' }, 502);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': hello\n\n');
    if (this.stream === 'good') response.write(`event: snapshot\ndata: ${JSON.stringify(this.snapshot())}\n\n`);
    this.clients.add(response);
    response.on('close', () => this.clients.delete(response));
  }

  event_page(query) {
    const before = Number(query.get('before') ?? Infinity);
    const limit = Math.min(500, Number(query.get('limit') ?? 100));
    const german = query.get('lang') === 'de';
    const older = this.events.filter((e) => e.id < before).reverse();
    return { events: older.slice(0, limit).map(({ en, de, ...e }) => ({ ...e, text: german ? de : en })), more: older.length > limit };
  }

  history_of(query) {
    const from = Number(query.get('from'));
    const to = Number(query.get('to'));
    const points = Math.min(2000, Number(query.get('points') ?? 500));
    const step_s = Math.max(1, Math.ceil((to - from) / points));
    const time = [];
    for (let t = from; t <= to; t += step_s) time.push(t);
    const names = (query.get('series') ?? '').split(',').filter((name) => function_of(name, step_s));
    const gap = (i) => i > time.length * 0.3 && i < time.length * 0.32; // the daemon was off
    const values = Object.fromEntries(names.map((name) => [name, time.map((t, i) => (gap(i) ? null : Math.round(function_of(name, step_s)(t) * 1000) / 1000))]));
    return { from, to, step_s, time, series: values };
  }

  energy(days) {
    const list = Array.from({ length: days }, (_, i) => {
      const day = new Date(Date.now() - (days - 1 - i) * 86400000).toISOString().slice(0, 10);
      const k = 1 + 0.4 * noise(i * 1.7);
      return { day, charged_kwh: 7 * k, discharged_kwh: 6.2 * k, imported_kwh: 2.1 / k, exported_kwh: 4 * k, transferred_kwh: 0.05 };
    });
    const total = Object.fromEntries(Object.keys(list[0]).filter((k) => k !== 'day').map((k) => [k, list.reduce((sum, d) => sum + d[k], 0)]));
    return { days: list, total };
  }

  command(request, response) {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const wish = JSON.parse(body);
      this.posts.push({ wish, authorization: request.headers.authorization, type: request.headers['content-type'] });
      if (request.headers.authorization !== `Bearer ${good_token}`) return this.json(response, { ok: false, error: 'the token is not right' }, 401);
      if (wish.command === 'max_discharge_a') return this.json(response, { ok: false, error: 'the pack is locked after deep discharge' }, 409);
      if (wish.value === null) {
        delete this.active[wish.command];
        return this.json(response, { ok: true, command: wish.command, effective: null, reason: '', expires_s: null });
      }
      const effective = wish.command === 'max_charge_a' ? Math.min(wish.value, 56.2) : wish.value;
      const reason = effective === wish.value ? '' : 'cut by the curve of the highest cell: cell 2 at 3.385 V';
      const expires_s = wish.command === 'force_charge' ? 60 : wish.expires_s ?? null;
      this.active[wish.command] = { value: wish.value, effective, since_s: 0, expires_s, who: 'http 127.0.0.1' };
      this.json(response, { ok: true, command: wish.command, effective, reason, expires_s });
    });
  }

  file(path, response) {
    const name = normalize(join(this.dist, path));
    if (!name.startsWith(this.dist) || !existsSync(name)) return this.json(response, { ok: false, error: 'nothing is here' }, 404);
    response.writeHead(200, {
      'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'Content-Encoding': 'gzip',
      'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer',
    });
    response.end(gzipSync(readFileSync(name)));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const daemon = new FakeDaemon();
  daemon.port = Number(process.argv[2] ?? 0);
  await daemon.start();
  console.log(daemon.url);
}
