/** Jest's global tear-down: stops what the set-up started. */
// oxlint-disable-next-line import/no-default-export
export default async function serversDown(): Promise<void> {
  await globalThis.turnoTestStack?.stop();
  globalThis.turnoTestStack = undefined;
}
