/** A request to the broker's management API, with the credentials of its URL. */
export async function requestManagement(method: string, path: string, body?: object): Promise<void> {
  const url = new URL(path, process.env['TURNO_TEST_MANAGEMENT_URL']);
  const authorization = `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`;
  url.username = url.password = '';
  const answer = await fetch(url, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
}
