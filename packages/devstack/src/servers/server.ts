/** A server the supervisor answers for, whichever step it comes from. */
export interface ManagedServer {
  readonly description: string;
  /** Orderly; the data stays. */
  stop(): Promise<void>;
  /** SIGKILL; the data stays. */
  kill(): Promise<void>;
  /** Again, on the same port and data; resolves once it answers. */
  start(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** The end: stops in the fastest way that loses nothing which is kept. */
  dispose(): Promise<void>;
}

export interface ManagedBroker extends ManagedServer {
  readonly amqpUrl: string;
  readonly managementUrl: string;
  rabbitmqctl(args: readonly string[]): Promise<string>;
}

export interface ManagedRedis extends ManagedServer {
  readonly redisUrl: string;
}

export interface ManagedDatabase extends ManagedServer {
  readonly mongoUrl: string;
}
