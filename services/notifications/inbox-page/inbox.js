import { Conversations } from './conversations.js';
import { byId, element, setAttributes, setText } from './element.js';
import { listenToKeys } from './keyboard.js';
import { listen } from './live.js';
import { Menu } from './menu.js';
import { PhoneList } from './phone-list.js';
import { Seen } from './seen.js';
import { Thread } from './thread.js';
import { welcome } from './welcome.js';

/** @typedef {import('./conversations.js').Message} Message */

const conversations = new Conversations(new Seen());
const phones = new PhoneList(byId('phones'));
const menu = new Menu(byId('panes'));
const search = /** @type {HTMLInputElement} */ (byId('search'));
const onePane = matchMedia('(max-width: 44rem)');

/** @type {import('./live.js').Settings} */
let settings = { example: '' };
/** @type {Thread | undefined} */
let thread;
let shownPhone = '';
let hasLoaded = false;

/** The phone in the address, if any. */
const chosenPhone = () => decodeURIComponent(location.hash.slice(1));

/** @param {string} phone */
function choose(phone) {
  history.replaceState(undefined, '', phone === '' ? '/inbox' : `#${phone}`);
  render();
}

function render() {
  const query = search.value;
  const rows = conversations.rows(query);
  if (!chosenPhone() && !onePane.matches && rows[0]) history.replaceState(undefined, '', `#${rows[0].phone}`);
  const phone = chosenPhone();
  document.body.dataset['pane'] = phone ? 'thread' : 'list';
  if (phone && document.visibilityState === 'visible') conversations.markRead(phone);
  renderThread(phone, query);
  phones.show(conversations.rows(query), query, phone);
  renderHead(rows.length, query);
}

/**
 * @param {string} phone
 * @param {string} query
 */
function renderThread(phone, query) {
  if (!hasLoaded) return;
  if (!phone || !conversations.has(phone)) {
    thread = undefined;
    shownPhone = '';
    byId('thread-pane').replaceChildren(welcome({ settings, isEmpty: conversations.isEmpty, phone }));
    return;
  }
  if (!thread || phone !== shownPhone) {
    thread = new Thread(phone, { menu, settings, complain: tell });
    shownPhone = phone;
    byId('thread-pane').replaceChildren(...thread.nodes);
  }
  const [messages, consent] = [conversations.thread(phone), conversations.consent(phone)];
  thread.show({ phone, messages, consent, query });
}

/**
 * @param {number} found
 * @param {string} query
 */
function renderHead(found, query) {
  const { unread } = conversations;
  setAttributes(byId('read-all'), { hidden: unread === 0 });
  setAttributes(byId('found'), { hidden: query === '' });
  setText(byId('found'), query === '' ? '' : `${found === 0 ? 'No' : found} ${found === 1 ? 'phone' : 'phones'} found`);
  document.title = unread === 0 ? 'Turno inbox' : `(${unread}) Turno inbox`;
}

/** @param {string | undefined} trouble what is wrong, or nothing any more */
function tell(trouble) {
  setText(byId('notice'), trouble ?? '');
  setAttributes(byId('notice'), { hidden: trouble === undefined });
}

/**
 * For those who do not see the page.
 *
 * @param {Message[]} news
 */
function announce(news) {
  const [first] = news;
  if (!first) return;
  const text = news.length === 1 ? `New message to ${first.to}: ${first.text}` : `${news.length} new messages`;
  byId('announcement').replaceChildren(element('span', {}, text));
}

/** @param {number} step */
function move(step) {
  const rows = conversations.rows(search.value);
  const at = rows.findIndex(({ phone }) => phone === chosenPhone());
  const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step))];
  if (!next) return;
  // On one pane the list stays in view while keys go through it; Enter opens the thread.
  if (!onePane.matches) choose(next.phone);
  phones.focus(next.phone);
}

function back() {
  if (search.value !== '') search.value = '';
  else if (onePane.matches) choose('');
  else search.blur();
  render();
}

listen({
  settings: (told) => void (settings = told),
  update: (update) => {
    const news = conversations.take(update);
    if (hasLoaded) announce(news);
    hasLoaded = true;
    render();
  },
  trouble: tell,
});
listenToKeys({ move, search: () => search.select(), back, isBusy: () => menu.isOpen });
search.addEventListener('input', render);
byId('read-all').addEventListener('click', () => {
  conversations.markAllRead();
  render();
});
addEventListener('hashchange', render);
document.addEventListener('visibilitychange', render);
onePane.addEventListener('change', render);
