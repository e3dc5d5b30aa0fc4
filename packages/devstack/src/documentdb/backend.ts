import { Pool } from 'pg';

/** PostgreSQL, as the commands use it: prepared statements by name, a row as an array. */
export interface Backend {
  /** The first row. Buffers go as binary parameters; bytea columns come as buffers. */
  row(statement: string, values: readonly (string | Buffer | null)[]): Promise<unknown[]>;
  rows(statement: string, values: readonly (string | Buffer | null)[]): Promise<unknown[][]>;
}

/** Fewer than a busy client's sockets: beyond this the two or so cores have nothing to gain. */
const connections = 24;

export function connectBackend(port: number): Backend {
  const pool = new Pool({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', max: connections });
  // A connection that breaks while idle: the pool drops it, and the next command opens another.
  pool.on('error', () => {});
  const names = new Map<string, string>();
  const nameOf = (statement: string) => {
    const name = names.get(statement) ?? `s${names.size}`;
    names.set(statement, name);
    return name;
  };
  const rows = async (text: string, values: readonly (string | Buffer | null)[]) => {
    const result = await pool.query({ name: nameOf(text), text, values: [...values], rowMode: 'array' });
    return result.rows as unknown[][];
  };
  return { rows, row: async (text, values) => (await rows(text, values))[0] ?? [] };
}
