// Serves the page of the start for browsers, and signs who its person is: what a back end does.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';

const key = process.env.KEY, [, , kid] = key.split('_');
const html = `<!doctype html><p id="said"></p><div id="banner"></div><button id="rooms"></button>
<script type="module">import './page.mjs'; setInterval(() => said.textContent = (banner.hidden ? 'banner hidden' : 'banner shown') + ', rooms ' + (rooms.disabled ? 'disabled' : 'enabled'), 50);</script>`;

createServer(async ({ url }, response) => {
  if (url === '/api/context-token') {
    const payload = Buffer.from(JSON.stringify({ customer: 'huaxin', user: 'u-17', exp: Math.floor(Date.now() / 1000) + 3600, kid })).toString('base64url');
    return response.end(`${payload}.${createHmac('sha256', key).update(payload).digest('base64url')}`);
  }
  if (url === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  const file = await readFile('.' + url).catch(() => undefined);
  response.writeHead(file ? 200 : 404, { 'content-type': 'text/javascript' }).end(file);
}).listen(process.env.PORT, '127.0.0.1');
