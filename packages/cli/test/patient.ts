import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, type Connection } from '@turno/mongo';
import { createLogger, type Clock } from '@turno/shared';
import { importCatalogue } from '../src/catalogue-commands.ts';
import { doctor, type DoctorOptions } from '../src/doctor-command.ts';
import type { Finding } from '../src/doctor/finding.ts';
import { migrate } from '../src/migrate-command.ts';
import { recordingTerminal } from './recording-terminal.ts';

/** What `turno doctor --json` found, and its exit code. */
export interface Examined {
  readonly code: number;
  readonly findings: readonly Finding[];
  /** The errors among them. */
  readonly bad: readonly Finding[];
}

export interface ExaminedParts {
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly smsApiBase?: string;
}

/** A migrated installation with the demo catalogue, whose variables are in the environment, for the doctor to look at. */
export class Patient {
  readonly servers: Isolated;
  readonly database: Connection;
  readonly env: Readonly<Record<string, string>>;

  private constructor(servers: Isolated, database: Connection, env: Readonly<Record<string, string>>) {
    this.servers = servers;
    this.database = database;
    this.env = env;
  }

  static async open(label: string): Promise<Patient> {
    const servers = await isolateForTest(label);
    const env = {
      AMQP_URL: servers.amqpUrl,
      AMQP_MANAGEMENT_URL: process.env['TURNO_TEST_MANAGEMENT_URL']!,
      TICKETING_MONGO_URL: servers.mongoUrl,
      NOTIFICATIONS_MONGO_URL: servers.mongoUrl,
      SMS_PROVIDER: 'inbox',
    };
    Object.assign(process.env, env);
    await migrate();
    await importCatalogue('catalogue/demo.yaml', { yes: true }, recordingTerminal().terminal);
    const database = await connectMongo(servers.mongoUrl, createLogger('spec', 'silent'));
    return new Patient(servers, database, env);
  }

  async examined(parts: ExaminedParts = {}, options: DoctorOptions = {}): Promise<Examined> {
    const { terminal, said } = recordingTerminal();
    const code = await doctor({ json: true, ...options }, { env: this.env, ...parts, terminal });
    const { findings } = JSON.parse(said.join('\n')) as { findings: Finding[] };
    return { code, findings, bad: findings.filter(({ level }) => level === 'error') };
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.servers.dispose();
  }
}

/** What was seen, a line each. */
export const saws = (findings: readonly Finding[]): string => findings.map(({ saw }) => saw).join('\n');
