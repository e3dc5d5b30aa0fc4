/** What `--help` says of the commands that make passwords and accounts. */
export const teachingAccounts = {
  accounts: `
The addresses with which the services log in name the accounts, with password, vhost and database:
  GATEWAY_AMQP_URL, TICKETING_AMQP_URL, NOTIFICATIONS_AMQP_URL
  TICKETING_MONGO_URL, NOTIFICATIONS_MONGO_URL
Two administrators make them:
  AMQP_MANAGEMENT_URL      http://user:password@host:15672
  MONGO_ADMIN_URL          mongodb://user:password@host/admin

To change a password, change it in the address, run this, and restart the service.

  $ turno accounts
  The accounts of the services are there.

Exit codes: 0 done; 1 a variable is missing or wrong, or a server is away or refuses.`,

  secrets: `
A file that is there stays as it is: its passwords may be in use.

  $ turno secrets --write .env

Exit codes: 0 done; 1 the file is there already, or the template lacks a variable.`,
};
