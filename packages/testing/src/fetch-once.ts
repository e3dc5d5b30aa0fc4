/**
 * A `fetch` on a connection of its own. One that is kept alive may be closed by the server just as the next request goes out
 * on it, which is seen in specs on a busy machine: "other side closed".
 */
export function fetchOnce(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  request.headers.set('connection', 'close');
  return fetch(request);
}
