/** What `--help` says beyond commander's list: how to begin, what files look like, what the environment must hold. */
export const teaching = {
  turno: `
First steps with a new installation:
  $ turno secrets --write .env                         make its passwords
  $ turno accounts                                     make each service's own account at the broker and the database
  $ turno migrate                                      make the collections, the indexes and the queues
  $ turno catalogue validate catalogue/demo.yaml       check a catalogue file, nothing is changed
  $ turno catalogue import catalogue/demo.yaml         put it into force; running services take it over within seconds
  $ turno customers import customers.csv               fill the customer directory
  $ turno keys create mobile --name "Mobile app"        a channel's API key, where the gateway has AUTH=api-keys

Is it well?
  $ turno doctor                                       configuration, servers, catalogue, provider; each finding with its mend

Every day:
  $ turno catalogue export network.yaml                what is in force, to be changed and imported again
  $ turno catalogue import network.yaml --dry-run      what would change
  $ turno catalogue import network.yaml --yes          from a script, where nobody can be asked
  $ turno customers import customers.csv --rejects rejects.csv
  $ turno dead-letters list                            what was given up, and why
  $ turno dead-letters redrive --all                   send it again, once what failed is mended
  $ turno sms list --ticket 4gk20c9x1h7d               what became of somebody's SMS
  $ turno sms resend --state FAILED --since 2h         once what failed is mended

A customer asks what is kept, or wants it gone:
  $ turno customers export a9087s902m --out a9087s902m.json
  $ turno customers erase a9087s902m                   shows what would go, and asks

For a demo:
  $ turno seed 44c9 --tickets 6                        six people wait at a branch of the demo

The servers are named by the environment, as for the services:
  TICKETING_MONGO_URL      mongodb://host/database of the ticketing service
  NOTIFICATIONS_MONGO_URL  mongodb://host/database of the notifications service (turno migrate, turno sms, turno customers export, erase)
  AMQP_URL                 amqp://user:password@host/vhost (turno migrate, turno dead-letters, turno customers export, erase)

For programs and for fingers:
  $ turno sms list --json                              every command that lists or finds things has --json
  $ source <(turno completion bash)                    the TAB key completes commands and options

Exit codes: 0 done; 1 it failed, rows were rejected, or turno doctor found an error; 130 interrupted.`,

  migrate: `
It changes no data and drops nothing. Services refuse to start without what it makes, so it runs
first at every upgrade; running services go on meanwhile.

  $ turno migrate
  The collections, the indexes and the queues are there.

AMQP_URL, TICKETING_MONGO_URL and NOTIFICATIONS_MONGO_URL name the servers. Exit codes: 0 done; 1 it failed.`,

  seed: `
The same seed on the same day takes the same tickets: it may be repeated.

  $ turno seed 44c9
  $ turno seed 27b6 --tickets 20 --api https://turno.example

Exit codes: 0 done; 1 the API is away or refuses.`,

  catalogueValidate: `
  $ turno catalogue validate network.yaml
  $ turno catalogue validate network.yaml --json | jq '.mistakes[0]'
  { "line": 41, "column": 9, "path": "branches.0.sectors.0.services.1", "message": "there is no service \\"zz9\\"" }

Exit codes: 0 it is a good catalogue; 1 it is not, or cannot be read.`,

  catalogueExport: `
  $ turno catalogue export network.yaml
  $ turno catalogue export | less

TICKETING_MONGO_URL names the database. Exit codes: 0 done; 1 it failed, or there is no catalogue yet.`,

  deadLettersList: `
  $ turno dead-letters list
  $ turno dead-letters list --json | jq '.totals'

Exit codes: 0 done, also when there is none; 1 it failed.`,

  deadLettersShow: `
  $ turno dead-letters show 4gk20c9x1h7d.created
  $ turno dead-letters show @3 --json | jq '.letters[0].headers'

Exit codes: 0 done; 1 it failed, or there is no such letter.`,

  discard: `
A letter that is thrown away is an SMS that nobody gets. It shows what would go, and asks.

  $ turno dead-letters discard 4gk20c9x1h7d.created
  $ turno dead-letters discard --reason "the message is not JSON" --yes

Exit codes: 0 done, also when there was nothing to do; 1 it failed, or not all letters could be looked at; 130 interrupted.`,

  doctor: `
Looks at the configuration, the broker, both databases, the catalogue, pending events, dead letters, clocks and the
provider of SMS. It changes nothing, sends no SMS, and ends within 30 s.

  $ turno doctor
  ok       broker         RabbitMQ 4.3.6 at rabbitmq:5672
  error    database       ticketing's database lacks the index tickets.unpublished
                          -> turno migrate
  $ turno doctor --json | jq '.findings[] | select(.level == "error")'
  $ turno doctor --variables notifications.env      with the variables of a service that are not set here
  $ docker compose exec -T notifications env | turno doctor --variables -
  $ turno doctor --no-provider                     where the provider cannot be reached from here

AMQP_MANAGEMENT_URL (http://user:password@broker:15672, a user with the tag administrator) lets it see policies,
permissions, alarms of other nodes and the broker's clock as well; without it a warning says that these were not checked.

Exit codes: 0 no errors, warnings allowed; 1 an error among the findings.`,

  completion: `
For this shell, and for each one to come:
  $ source <(turno completion bash)
  $ turno completion bash >~/.local/share/bash-completion/completions/turno
  $ turno completion zsh >"\${fpath[1]}/_turno"
  $ turno completion fish >~/.config/fish/completions/turno.fish

It completes commands, options, and what options take where that is a list or a file. Make it anew after an upgrade.

Exit codes: 0 done; 1 it knows no such shell.`,

  smsList: `
  $ turno sms list --phone +51987776576 --since 2h
  $ turno sms list --state FAILED --since 1h --json | jq '.messages[].reason'

Exit codes: 0 done, also when there is none; 1 it failed.`,

  smsShow: `
  $ turno sms show 4gk20c9x1h7d.created
  $ turno sms show 4gk20c9x1h7d.created --reveal --json | jq -r .text

Exit codes: 0 done; 1 it failed, or there is no such SMS.`,

  catalogueImport: `
Branches, sectors, services and promotions that the file does not name are removed. Customers are only ever added or
overwritten, whether the file's known_customers name them or not.

  $ turno catalogue import network.yaml --dry-run
  ~ branch 27b6 Hiper Central
      hours.saturday.closes: 13:00 -> 14:00
  Nothing was written: --dry-run stops here.
  $ turno catalogue import network.yaml --yes --json | jq .version

TICKETING_MONGO_URL names the database. Exit codes: 0 done, also when nothing changes; 1 it failed.`,

  customersImport: `
The first line names the columns, in any order; all but id may be missing or empty:

  id,id_type,id_number,phone,language,promotions
  a9087s902m,D,10203040,+51987776576,es,true

  id           1 to 20 letters and digits; of two rows with one id the last wins
  id_type      1 or 2 letters and digits, together with id_number
  id_number    1 to 16 letters and digits; an identity document has one customer
  phone        + and country code
  language     es (if it is empty), or another one by its tag: en, pt-BR
  promotions   true (if it is empty), or false for a customer who opted out

  $ turno customers import customers.csv --rejects rejects.csv

Ctrl-C is safe, and so is a crash: the same command goes on where the file's import was. Exit code 1 when rows were
rejected; all others went in; 130 when it was interrupted.`,

  deadLetters: `
A message ends here when it breaks the contract, or when its deliveries are used up (delivery_limit). It stays until
somebody decides. First find out why, mend it, then redrive:

  $ turno dead-letters list
  #  since                 bytes  type                    message id            request id  reason
  1  2026-11-24T17:00:00Z  1,312  turno.TicketCreated.v1  4gk20c9x1h7d.created  checkout-7  delivery_limit

        1 × delivery_limit
  $ turno dead-letters show 4gk20c9x1h7d.created
  $ turno dead-letters redrive --reason delivery_limit
  $ turno dead-letters discard --reason "the message is not JSON"

Looking takes nothing away, but while it lasts the letters are held: two commands at once see a part each. Above 20,000
letters a look ends early and says so; what it saw goes behind the rest.

Where no shell reaches the broker, the operations server of notifications does the same: docs/turno.md.

AMQP_URL names the broker. Exit codes: 0 done, also when there was nothing to do; 1 it failed, show found nothing, or not
all letters could be looked at; 130 interrupted.`,

  redrive: `
Each letter is published again, confirmed by the broker, and only then taken away. Ctrl-C is safe, and so is a crash: the
same command goes on. A crash may leave a letter whose message was sent already; sent twice it is handled once, because
consumers know an event by its id.

A letter that fails again comes back as a new dead letter.

  $ turno dead-letters redrive 4gk20c9x1h7d.created
  $ turno dead-letters redrive --reason delivery_limit
  $ turno dead-letters redrive --all

Exit codes: 0 done, also when there was nothing to do; 1 it failed, or not all letters could be looked at; 130 interrupted.`,

  sms: `
Why did somebody's SMS not come? Find it by ticket or phone, then read its story:

  $ turno sms list --phone +51987776576 --since 2h
  created               state   to            ticket        attempt  segments  key                   reason
  2026-11-24T17:00:00Z  FAILED  +51*******76  4gk20c9x1h7d        1         1  4gk20c9x1h7d.created  the webhook answered 400
  $ turno sms show 4gk20c9x1h7d.created
  $ turno sms resend 4gk20c9x1h7d.created

  QUEUED     to be sent: the provider has not taken it yet
  SENDING    handed to the provider, whose answer is not here yet
  UNKNOWN    the provider's answer does not say whether it has it
  SENT       the provider has it
  DELIVERED  the phone has it
  FAILED     it will never arrive

NOTIFICATIONS_MONGO_URL names the database. Phones and texts are masked unless --reveal asks for them. Records are erased
when their retention is over (SMS_RETENTION_DAYS).

Exit codes: 0 done, also when there was nothing to do; 1 it failed, there is no such SMS, or it cannot be sent again; 130
interrupted.`,

  smsResend: `
The SMS becomes due, and notifications sends it within seconds. Given again, the command says that it is to be sent already.

  FAILED     a new attempt, under a new key at the provider
  UNKNOWN    the provider is asked first, or knows the key, where it can; where it cannot, the phone may get it twice
  QUEUED     notifications need not wait for the event any more
  SENDING    refused within half a minute: somebody is at it. Later, as UNKNOWN
  SENT, DELIVERED   refused without --again

  $ turno sms resend 4gk20c9x1h7d.created
  $ turno sms resend --state FAILED --since 2h
  $ turno sms resend --state UNKNOWN --since 2026-11-24T17:00 --yes
  $ turno sms resend 4gk20c9x1h7d.created --again

Exit codes: 0 done, also when there was nothing to do; 1 it failed, or it cannot be sent again; 130 interrupted.`,
};
