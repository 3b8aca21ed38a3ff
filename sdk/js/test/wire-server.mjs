// A real HTTP server that speaks the gate wire format and can be killed, restarted, slowed and made to talk rubbish.
import { createServer } from 'node:http';

export class WireServer {
  current;
  /** Added to this machine's clock, ms. */
  clockError = 0;
  /** Refuses the stream; a text says for how many seconds. */
  noStream = false;
  rubbish;
  slowness = 0;
  postStatus;
  notices = [];
  polls = 0;
  connections = 0;
  lastEventId;
  contexts = [];
  received = [];
  #streams = new Set();
  #port = 0;
  #server;

  get url() { return `http://127.0.0.1:${this.#port}`; }

  async start(port = this.#port) {
    this.#server = createServer((request, response) => this.#answer(request, response).catch(() => response.destroy()));
    await new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.#port = this.#server.address().port;
    return this;
  }

  async kill() {
    if (!this.#server) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#server = undefined;
  }

  now() { return Date.now() + this.clockError; }

  stamp() { return new Date(this.now()).toISOString(); }

  send(name, data, id) {
    for (const stream of this.#streams) stream.write(WireServer.event(name, data, id));
  }

  sendTime() { this.send('time', { now: this.stamp(), version: this.current?.version ?? 0, issuedAt: this.current?.issuedAt }); }

  publish(snapshot) {
    this.current = snapshot;
    this.send('snapshot', snapshot, snapshot.version);
  }

  static event(name, data, id) {
    return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
  }

  async #answer(request, response) {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'authorization, content-type, idempotency-key, if-none-match, last-event-id, x-sunsetter-context');
    response.setHeader('access-control-expose-headers', 'etag, retry-after, sunsetter-time');
    response.setHeader('sunsetter-time', this.stamp());
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    const { pathname } = new URL(request.url, this.url);
    const path = pathname.replace('/edge/v1/', '');
    this.contexts.push(request.headers['x-sunsetter-context']);
    if (request.method === 'POST') return this.#post(request, response, path);
    if (path === 'gates') return this.#gates(request, response);
    if (path === 'gates/stream') return this.#stream(request, response);
    if (path === 'notices') return response.end(JSON.stringify({ notices: this.notices }));
    response.writeHead(404).end();
  }

  async #gates(request, response) {
    if (request.headers['if-none-match'] !== '*') this.polls++;
    if (this.slowness) await new Promise((resolve) => setTimeout(resolve, this.slowness).unref());
    const etag = `"${this.current?.version}"`;
    if ([etag, '*'].includes(request.headers['if-none-match'])) return response.writeHead(304).end();
    response.writeHead(200, { etag, 'content-type': 'application/json' }).end(this.rubbish ?? JSON.stringify(this.current));
  }

  #stream(request, response) {
    this.connections++;
    this.lastEventId = request.headers['last-event-id'];
    if (this.noStream) return response.writeHead(503, typeof this.noStream === 'string' ? { 'retry-after': this.noStream } : {}).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(WireServer.event('time', { now: this.stamp(), version: this.current?.version ?? 0, issuedAt: this.current?.issuedAt }));
    if (this.rubbish) response.write(WireServer.event('snapshot', this.rubbish, 1));
    else if (this.current && this.lastEventId !== this.current.version + ' ' + this.current.issuedAt) response.write(WireServer.event('snapshot', this.current, this.current.version));
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  async #post(request, response, path) {
    let body = '';
    for await (const piece of request) body += piece;
    const status = this.postStatus ?? (path === 'receipts' ? 204 : 202);
    this.received.push({ path, status, key: request.headers['idempotency-key'], body: JSON.parse(body) });
    response.writeHead(status).end();
  }
}

/** Waits for something that happens elsewhere; fails loudly when it never does. */
export async function until(condition, what, ms = 15_000) {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error('It never happened: ' + what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
