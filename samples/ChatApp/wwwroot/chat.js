import { createClient } from './sunsetter.min.js';
import { words } from './words.js';

const $ = (id) => document.getElementById(id);
const modules = { 'rooms-legacy': { path: '/api/rooms', title: 'rooms' }, spaces: { path: '/api/spaces', title: 'spaces' } };
const answers = {};
let language = localStorage.getItem('language') ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
let say = words[language];
let me, sunsetter, live;
let module = 'rooms-legacy';
let refusal, again, entered = 0;

const api = (path, body) => fetch(path, {
  method: body ? 'POST' : 'GET',
  headers: { 'accept-language': language, ...(body && { 'content-type': 'application/json' }) },
  body: body && JSON.stringify(body),
});
const text = (words) => words?.[language] ?? words?.en ?? Object.values(words ?? {})[0] ?? '';
// As the vendor's own pages write dates.
const locale = () => language === 'en' ? 'en-GB' : language;
const when = (instant, time) => new Date(instant).toLocaleString(locale(), time ? { dateStyle: 'medium', timeStyle: 'short' } : { dateStyle: 'long' });

function element(tag, content, className) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...[content ?? []].flat());
  return made;
}

function link(href, label) {
  const made = element('a', label);
  made.href = href;
  made.target = '_blank';
  made.rel = 'noopener';
  return made;
}

function button(label, act, main) {
  const made = element('button', label, main ? 'main' : '');
  made.type = 'button';
  made.onclick = act;
  return made;
}

// ——— the module's gate, as the page's own client knows it ———

function obey(key, answer) {
  answers[key] = answer;
  $('dot-' + key).className = 'dot ' + answer.state;
  if (key !== module) return;
  refusal = undefined;
  if (answer.isOpen) void enter();
  draw();
}

function next(answer) {
  const { alternative, info, contact } = answer.about ?? {};
  const row = element('div', [], 'row');
  const name = text(alternative?.name) || alternative?.module;
  if (modules[alternative?.module]) row.append(button(say.move(name), () => go(alternative.module), true));
  else if (alternative?.url) row.append(link(alternative.url, say.move(name)));
  if (info) row.append(link(info, say.more));
  if (contact?.email) row.append(element('span', [say.contact + ' ', link('mailto:' + contact.email, contact.name ?? contact.email)], 'soft'));
  else if (contact?.url) row.append(element('span', [say.contact + ' ', link(contact.url, contact.name ?? contact.url)], 'soft'));
  return row;
}

function drawBanner(answer) {
  const shown = answer?.state === 'warned';
  $('banner').hidden = !shown;
  if (!shown) return;
  const name = text(answer.about.name);
  const day = (at) => new Date(at).setHours(0, 0, 0, 0);
  const days = answer.closesAt ? Math.round((day(answer.closesAt) - day(sunsetter.now())) / 864e5) : 0;
  const headline = answer.closesAt ? say.closes(name, when(answer.closesAt), say.inDays(days)) : say.willClose(name);
  const instead = text(answer.about.alternative?.name);
  $('banner').replaceChildren(element('b', headline), element('p', [text(answer.about.why), instead ? say.instead(instead) : ''].join(language === 'en' ? ' ' : '')), next(answer));
}

function drawRefusal(answer) {
  const closed = answer && !answer.isOpen;
  $('refusal').hidden = !closed && !refusal;
  $('say').querySelector('button').disabled = $('text').disabled = !!(closed || refusal);
  if (closed) {
    const name = text(answer.about?.name) || module;
    const headline = answer.state === 'brownout' ? say.paused(name, answer.until && when(answer.until, true)) : say.gone(name);
    const instead = text(answer.about?.alternative?.name);
    $('refusal').replaceChildren(element('b', headline), element('p', instead ? say.instead(instead) : ''), next(answer));
  } else if (refusal) {
    // The page's client has not heard yet, or has no key: the server's own words.
    $('refusal').replaceChildren(element('b', refusal.title), element('p', refusal.detail ?? ''));
  }
}

// ——— notices for the signed-in person ———

let notices = [];

async function tell() {
  notices = (await sunsetter?.notices() ?? []).slice(0, 3);
  for (const { id } of notices) sunsetter.mark(id, 'seen');
  draw();
}

// What the person may do with a notice. Where the banner says the same already, these stand in the banner.
function choices(notice) {
  const done = (mark) => () => {
    sunsetter.mark(notice.id, mark);
    notices = notices.filter((other) => other !== notice);
    draw();
  };
  return [...(notice.acknowledge ? [button(say.acknowledge, done('acknowledged'), true)] : []), button(say.dismiss, done('dismissed'))];
}

function drawNotices() {
  // Once the module is closed a word about the day on which it will be comes too late.
  const due = notices.filter((notice) => answers[notice.module]?.isOpen ?? true);
  const inBanner = due.find((notice) => notice.module === module && answers[module]?.state === 'warned');
  if (inBanner) $('banner').append(element('div', choices(inBanner), 'row'));
  $('notices').replaceChildren(...due.filter((notice) => notice !== inBanner).map((notice) => {
    const card = element('div', [element('b', text(notice.title)), element('p', text(notice.body)), element('div', choices(notice), 'row')], 'note told');
    card.setAttribute('role', 'status');
    if (notice.url) card.querySelector('.row').append(link(notice.url, say.more));
    return card;
  }));
}

// ——— the conversation ———

async function enter() {
  const mine = ++entered;
  live?.close();
  const { path } = modules[module];
  const answer = await api(path);
  if (!await passed(answer)) return;
  const { said } = await answer.json();
  // Somebody went elsewhere while we waited.
  if (mine !== entered) return;
  live = new EventSource(path + '/live');
  // Where nothing has been said the stream opens with the first word only.
  if (!said) $('messages').replaceChildren(element('li', say.nobody, 'none'));
  // It begins with what has been said, also when it is connected again.
  live.onopen = () => $('messages').replaceChildren();
  live.onmessage = ({ data }) => add(JSON.parse(data));
}

async function passed(answer) {
  if (answer.status === 401) return signedOut(), false;
  refusal = answer.status === 410 ? await answer.json() : undefined;
  if (refusal) {
    live?.close();
    // The two clocks differ by a few milliseconds: where the page's gate opened first, the server's follows.
    clearTimeout(again);
    if (answers[module]?.isOpen) again = setTimeout(enter, 500);
  }
  draw();
  return answer.ok;
}

function line({ user, text, at }) {
  return element('li', [element('small', `${user} · ${new Date(at).toLocaleTimeString(locale(), { timeStyle: 'short' })}`), element('span', text)], user === me.user ? 'mine' : '');
}

function add(message) {
  $('messages').querySelector('.none')?.remove();
  $('messages').append(line(message));
  $('messages').lastChild.scrollIntoView({ block: 'nearest' });
}

function go(key) {
  module = key;
  refusal = undefined;
  $('messages').replaceChildren();
  void enter();
  draw();
}

// ——— the frame ———

function draw() {
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll('[data-text]')) place.textContent = say[place.dataset.text];
  document.title = say.brand;
  $('language').textContent = language === 'en' ? '中文' : 'English';
  $('language').lang = language === 'en' ? 'zh-CN' : 'en';
  for (const tab of document.querySelectorAll('[data-module]')) tab.setAttribute('aria-pressed', String(tab.dataset.module === module));
  $('sign-in').hidden = !!me;
  $('chat').hidden = $('sign-out').hidden = !me;
  $('who').textContent = me ? `${me.user} · ${me.customer}` : '';
  if (!me) return;
  $('title').textContent = say[modules[module].title];
  $('text').placeholder = say.write;
  $('text').setAttribute('aria-label', say.write);
  drawBanner(answers[module]);
  drawRefusal(answers[module]);
  drawNotices();
}

async function start() {
  const answer = await api('/api/me');
  if (!answer.ok) return draw();
  me = await answer.json();
  if (me.key) {
    sunsetter = createClient({
      url: me.url, key: me.key, customer: me.customer, user: me.user,
      context: async () => (await api('/api/context-token')).text(),
      onProblem: (problem) => console.info('sunsetter:', problem),
    });
    for (const key of Object.keys(modules)) sunsetter.watch(key, (state) => obey(key, state));
    void tell();
  } else void enter();
  draw();
}

function signedOut() {
  live?.close();
  void sunsetter?.close();
  me = sunsetter = undefined;
  notices = [];
  draw();
}

$('sign-in-form').onsubmit = async (submitted) => {
  submitted.preventDefault();
  const { customer, user } = Object.fromEntries(new FormData(submitted.target));
  await api('/api/sign-in', { customer, user });
  await start();
};
$('sign-out').onclick = async () => {
  await api('/api/sign-out', {});
  signedOut();
};
$('language').onclick = () => {
  language = language === 'en' ? 'zh-CN' : 'en';
  localStorage.setItem('language', language);
  say = words[language];
  draw();
};
for (const tab of document.querySelectorAll('[data-module]')) tab.onclick = () => go(tab.dataset.module);
$('say').onsubmit = async (submitted) => {
  submitted.preventDefault();
  const typed = $('text').value;
  if (!typed.trim()) return;
  try {
    if (await passed(await api(modules[module].path, { text: typed }))) $('text').value = '';
  } catch {
    refusal = { title: say.failed };
    draw();
  }
};
draw();
await start();
