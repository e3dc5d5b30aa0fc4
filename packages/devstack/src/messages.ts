/** What the owner and its supervisor say to each other over the IPC channel. All of it is plain JSON. */

/** The first message to the supervisor. */
export interface StartRequest {
  readonly type: 'start';
  readonly name: string;
  readonly keepData: boolean;
  /** Whether a Redis is wanted too. */
  readonly redis: boolean;
}

export type ServerName = 'broker' | 'database' | 'redis';
export type Action = 'stop' | 'kill' | 'start' | 'pause' | 'resume' | 'rabbitmqctl';

export interface ActionRequest {
  readonly type: 'action';
  readonly id: number;
  readonly server: ServerName;
  readonly action: Action;
  readonly args: readonly string[];
}

export type ToSupervisor = StartRequest | ActionRequest | { readonly type: 'stop' };

export interface StackAddresses {
  readonly amqpUrl: string;
  readonly managementUrl: string;
  readonly mongoUrl: string;
  readonly brokerDescription: string;
  readonly databaseDescription: string;
  /** Undefined where none was wanted, or none can be had. */
  readonly redisUrl?: string | undefined;
}

export type ToOwner =
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'phase'; readonly text: string; readonly seconds: number }
  | ({ readonly type: 'ready' } & StackAddresses)
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'result'; readonly id: number; readonly output: string }
  | { readonly type: 'error'; readonly id: number; readonly message: string };
