// SPDX-License-Identifier: MIT
// Live values: a stream of events; asked one by one while a proxy on the way holds the stream back. Says at any
// time whether what is on the screen is new.
import * as api from './api';
import { silence, type App, type Connection } from './app';
import { read_events, type ServerEvent } from './event_stream';

const stale_after_s = 8; // the daemon tells something at least every 5 s
const retry_first_ms = 1000;
const retry_longest_ms = 10000;
const ask_again_ms = 5000;

export class Live {
  private stream: AbortController | null = null;
  private retry_ms = retry_first_ms;
  private timer: number | undefined;
  private asking = false;
  private last_ask = -ask_again_ms;
  private failed = false; // the newest attempt to hear anything
  private locked = false; // a token is wanted
  private streaming = false;

  constructor(private readonly app: App) {
    document.addEventListener('visibilitychange', () => {
      // A page nobody sees costs the daemon nothing.
      if (document.hidden) this.close();
      else this.open();
    });
    window.addEventListener('online', () => this.open());
  }

  open(): void {
    this.close();
    const stream = new AbortController();
    this.stream = stream;
    this.follow(stream)
      .catch((e: unknown) => {
        this.locked = e instanceof api.RequestError && e.status === 401;
      })
      .finally(() => {
        if (stream === this.stream) this.try_again();
      });
  }

  // Each second.
  tick(): void {
    this.judge();
    if (document.hidden || this.locked) return;
    const quiet = this.app.snapshot ? silence(this.app) : performance.now() / 1000;
    if ((quiet > stale_after_s || !this.streaming) && performance.now() - this.last_ask > ask_again_ms) void this.ask();
  }

  private close(): void {
    clearTimeout(this.timer);
    this.stream?.abort();
    this.stream = null;
    this.streaming = false;
  }

  private async follow(stream: AbortController): Promise<void> {
    const body = await api.live(stream.signal);
    if (stream !== this.stream) return;
    this.app.connects += 1;
    this.streaming = true;
    this.locked = false;
    this.retry_ms = retry_first_ms;
    await read_events(body, (event) => this.take(event));
  }

  private try_again(): void {
    this.close();
    if (this.locked) {
      this.judge();
      this.app.redraw();
      return; // until somebody typed a token
    }
    this.timer = window.setTimeout(() => this.open(), this.retry_ms);
    this.retry_ms = Math.min(this.retry_ms * 2, retry_longest_ms);
    void this.ask(); // is it the stream only, or is nobody there?
  }

  private take(event: ServerEvent): void {
    if (event.name === 'event') {
      this.app.event_news += 1;
      this.app.redraw();
    }
    if (event.name !== 'snapshot') return;
    try {
      this.accept(JSON.parse(event.data) as api.Snapshot);
    } catch {
      // Not a snapshot: the next one may be.
    }
  }

  private accept(snapshot: api.Snapshot): void {
    this.app.snapshot = snapshot;
    this.app.received = performance.now();
    this.app.received_at = Date.now() / 1000;
    this.app.messages += 1;
    this.failed = false;
    this.locked = false;
    this.judge();
    this.app.redraw();
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.last_ask = performance.now();
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), ask_again_ms);
    try {
      this.accept(await api.snapshot(patience.signal));
    } catch (e) {
      this.locked = e instanceof api.RequestError && e.status === 401;
      this.failed = !this.locked;
      this.judge();
    } finally {
      clearTimeout(timer);
      this.asking = false;
    }
  }

  private judge(): void {
    const old = this.app.connection;
    this.app.connection = this.verdict();
    if (this.app.connection !== old) this.app.redraw();
  }

  private verdict(): Connection {
    if (this.locked) return 'locked';
    if (this.failed) return 'lost';
    if (!this.app.snapshot) return 'connecting';
    return silence(this.app) > stale_after_s ? 'stale' : 'live';
  }
}
