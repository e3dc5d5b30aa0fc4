/** A browser gives up for good on an answer that is no stream, as while a proxy says 502. */
const againAfterMs = 2_000;

/**
 * Listens to server-sent events for as long as the page is open.
 *
 * @param {string} address
 * @param {Record<string, (data: any) => void>} listeners by the events' names
 * @param {() => void} lost called whenever the connection is gone; it comes back by itself
 */
export function listenTo(address, listeners, lost) {
  const events = new EventSource(address);
  for (const [name, listen] of Object.entries(listeners)) {
    events.addEventListener(name, ({ data }) => listen(JSON.parse(data)));
  }
  events.addEventListener('error', () => {
    lost();
    if (events.readyState === EventSource.CLOSED) setTimeout(() => listenTo(address, listeners, lost), againAfterMs);
  });
}
