const exitCodes = 'Exit codes: 0 done; 1 it failed, or there is no such key.';

/** What `--help` says of `turno keys`. */
export const teachingKeys = {
  keys: `
A channel shows by its key who it is, where the gateway has AUTH=api-keys: Authorization: Bearer turno_... It may take
tickets for any customer, and sees those that were taken with a key of the same channel.

  $ turno keys create mobile --name "Mobile app"
  turno_4gk20c9x1h7d_Zx1...
  $ turno keys list
  id            channel  name        created                   expires  state
  4gk20c9x1h7d  mobile   Mobile app  2026-11-24T17:00:00.000Z  never    valid

Only its hash is stored: a key that is lost is made anew. What changes here, gateways know within 3 seconds.

TICKETING_MONGO_URL names the database. ${exitCodes}`,

  create: `
The key is the only line on standard output: it goes straight to where secrets are kept.

  $ turno keys create mobile --name "Mobile app"
  $ turno keys create kiosk --name "Kiosk at Hiper Central" --expires 365d
  $ turno keys create mobile --name "Mobile app" --json | jq -r .key

${exitCodes}`,

  list: `
  $ turno keys list
  $ turno keys list --channel mobile --all
  $ turno keys list --json | jq -r '.keys[] | select(.expires_at == null) | .id'

Exit codes: 0 done, also when there is none; 1 it failed.`,

  revoke: `
From then on requests with it get 401. Given again, the command says that it was revoked before.

  $ turno keys revoke 4gk20c9x1h7d

${exitCodes}`,

  rotate: `
Give the channel the new key, have it used, and let the old one end by itself. For a key that somebody has stolen: --grace 0

  $ turno keys rotate 4gk20c9x1h7d
  $ turno keys rotate 4gk20c9x1h7d --grace 7d --expires 365d
  $ turno keys rotate 4gk20c9x1h7d --grace 0 --json | jq -r .key

Exit codes: 0 done; 1 it failed, there is no such key, or it holds no more.`,
};
