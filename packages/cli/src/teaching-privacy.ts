const servers = `
TICKETING_MONGO_URL, NOTIFICATIONS_MONGO_URL and AMQP_URL name the servers; with one of them away nothing is done.`;

/** What `--help` says of the commands about all that is kept of one customer. */
export const teachingPrivacy = {
  export: `
The directory entry, tickets (cancelled ones too), pending events, SMS records and messages of the inbox, what the phone said
of promotions, events that wait and dead letters. Nothing is masked: keep the file as you keep a password.

  $ turno customers export a9087s902m --out a9087s902m.json
  $ turno customers export --document D 10203040 | jq '.tickets | length'
  $ turno customers export --phone +51987776576
${servers}

Exit codes: 0 done, also when nothing is kept; 1 it failed, or not all messages could be looked at.`,

  erase: `
It shows what would go, and asks. Tickets lose whose they are and keep their numbers; they are not to be found any more. A STOP is
kept under a digest of the phone, or promotions would go out again. docs/privacy.md has the whole of it.

  $ turno customers erase a9087s902m --dry-run
  what is kept              found
  pending events                0
  words on promotions           1
  SMS records                   3
  ...
  $ turno customers erase a9087s902m --yes
  $ turno customers erase --document D 10203040
  $ turno customers erase --phone +51987776576     tickets with this phone whose customer gave neither id nor document

Take the customer out of your customers file and catalogue first: an import brings back whom it names. Backups have what they have
until they are deleted. Safe to repeat, also after a crash half-way: the same command finds what is left.
${servers}

Exit codes: 0 nothing is left, also when nothing was kept; 1 it failed, or something could not be looked at: give it again.`,
};
