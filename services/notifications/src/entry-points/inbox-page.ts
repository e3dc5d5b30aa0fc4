/** The inbox as a page: the newest message on top, looked up again every second. Texts are set as text, never as HTML. */
export const inboxPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Turno inbox</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { max-width: 42rem; margin: 0 auto; padding: 1.5rem 1rem }
  h1 { font-size: 1.4rem; margin: 0 0 .25rem }
  header p { margin: 0 0 1.5rem; opacity: .7 }
  ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem }
  li { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .75rem; padding: .75rem 1rem }
  .head { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .85rem; opacity: .7 }
  .to { font-weight: 600; font-variant-numeric: tabular-nums }
  li p { margin: .25rem 0 0; overflow-wrap: anywhere }
</style>
<header>
  <h1>Turno inbox</h1>
  <p id="status" role="status">Loading…</p>
</header>
<ol id="messages"></ol>
<script>
  const list = document.getElementById('messages');
  const status = document.getElementById('status');
  let shown = '';

  function element(name, className, text) {
    const node = document.createElement(name);
    node.className = className;
    node.textContent = text;
    return node;
  }

  function row({ to, text, segments, ticket_id, sent_at }) {
    const item = document.createElement('li');
    const head = element('div', 'head', '');
    const size = segments + (segments === 1 ? ' segment' : ' segments');
    head.append(
      element('span', 'to', to),
      element('time', '', new Date(sent_at).toLocaleString()),
      element('span', '', 'ticket ' + ticket_id),
      element('span', '', size),
    );
    item.append(head, element('p', '', text));
    return item;
  }

  async function refresh() {
    try {
      const body = await (await fetch('/inbox/messages')).text();
      if (body === shown) return;
      shown = body;
      const messages = JSON.parse(body);
      status.textContent = messages.length
        ? 'The newest ' + messages.length + ' messages. Nothing here was really sent.'
        : 'No messages yet. Create a ticket with a phone, and its SMS appears here.';
      list.replaceChildren(...messages.map(row));
    } catch {
      shown = '';
      status.textContent = 'Notifications does not answer. Trying again…';
    }
  }

  refresh();
  setInterval(refresh, 1000);
</script>
</html>
`;
