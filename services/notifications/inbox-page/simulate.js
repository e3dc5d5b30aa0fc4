/**
 * Says in a provider's place what became of a message.
 *
 * @param {string} key
 * @param {'DELIVERED' | 'FAILED'} state
 */
export function simulateDelivery(key, state) {
  return post(`/inbox/messages/${encodeURIComponent(key)}/delivery`, { state });
}

/**
 * Answers from a phone.
 *
 * @param {string} phone
 * @param {'STOP' | 'START'} text
 */
export function simulateReply(phone, text) {
  return post(`/inbox/phones/${encodeURIComponent(phone)}/replies`, { text });
}

/**
 * @param {string} path
 * @param {object} body
 * @returns {Promise<string | undefined>} what went wrong, for people
 */
async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.ok ? undefined : (await answer.json()).message;
  } catch {
    return 'Notifications does not answer.';
  }
}
