// SPDX-License-Identifier: MIT
// Server-sent events over fetch: EventSource can neither send a token nor tell why it was refused.

export interface ServerEvent {
  name: string;
  data: string;
}

// Takes text in pieces as they come; gives each event once its blank line is there.
export class EventParser {
  private rest = '';
  private name = '';
  private data: string[] = [];

  constructor(private readonly on_event: (event: ServerEvent) => void) {}

  push(text: string): void {
    this.rest += text;
    const lines = this.rest.split(/\r\n|\n/);
    this.rest = lines.pop()!;
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    if (line === '') {
      if (this.data.length > 0) this.on_event({ name: this.name || 'message', data: this.data.join('\n') });
      this.name = '';
      this.data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return; // a comment, to keep the line open
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    if (field === 'data') this.data.push(value);
  }
}

// Ends when the stream ends; throws when it breaks.
export async function read_events(body: ReadableStream<Uint8Array>, on_event: (event: ServerEvent) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser(on_event);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.push(decoder.decode(value, { stream: true }));
  }
}
