/** The queues of the floor. Classic and durable, as `assertQueue` makes them. */
export const rpcQueue = 'floor.rpc';
export const eventQueue = 'floor.events';
