export { fullJitter } from './backoff.ts';
export { systemClock, type Clock } from './clock.ts';
export {
  commonConfig,
  ConfigError,
  describedVariables,
  port,
  readConfig,
  retentionDays,
  wholeNumber,
  type DescribedVariable,
} from './config.ts';
export {
  brokerAddress,
  brokerTlsIsWhole,
  brokerVariables,
  databaseAddress,
  databaseVariables,
  mongoUrl,
} from './addresses.ts';
export { withoutPasswords } from './credentials.ts';
export { valueOf, variableOfFile } from './secret-files.ts';
export { asyncApiDocument } from './contracts/asyncapi.ts';
export {
  catalogue,
  knownCustomer,
  type Branch,
  type Catalogue,
  type KnownCustomer,
  type OpeningHours,
  type Promotion,
  type Sector,
  type Service,
} from './contracts/catalogue.ts';
export { branchDetails, sectorDetails, type BranchDetails, type SectorDetails } from './contracts/branch.ts';
export { changeTicket, type ChangeTicket } from './contracts/change-ticket.ts';
export { createTicket, type CreateTicket } from './contracts/create-ticket.ts';
export * as field from './contracts/fields.ts';
export {
  sampleBranch,
  sampleEvent,
  sampleRequest,
  sampleSector,
  sampleService,
  sampleTicket,
} from './contracts/samples.ts';
export { type KnownApiKey } from './contracts/api-keys.ts';
export { principal, type Principal } from './contracts/principal.ts';
export { isCallersKey, ownKeyPrefix } from './contracts/request-key.ts';
export { refusalReason, type RefusalReason } from './contracts/refusal.ts';
export { cloudEventsContentType, ticketCreated, type TicketCreated } from './contracts/ticket-created.ts';
export { documentWhole } from './contracts/identity-document.ts';
export { congestionLevel, operatingStatus, service, ticket, ticketStatus, type Ticket } from './contracts/ticket.ts';
export {
  operatorsCalls,
  ticketingRpc,
  ticketNames,
  type ListBranches,
  type ListSectors,
  type ListServices,
  type ListTickets,
  type Page,
  type PromotionsDecision,
  type ServiceDetails,
  type TicketNames,
  type TicketingRpc,
} from './contracts/ticketing-rpc.ts';
export {
  brokerLimits,
  brokerRights,
  brokerUsers,
  type BrokerRights,
  type BrokerUser,
} from './contracts/broker-rights.ts';
export { ticketFigures, type TicketFigures } from './contracts/ticket-figures.ts';
export {
  letterSelection,
  notificationsRpc,
  type DeadLetterList,
  type LetterSelection,
  type NotificationsRpc,
  type Redriven,
  type SmsFigures,
} from './contracts/notifications-rpc.ts';
export {
  notificationsEntrances,
  rpcExchanges,
  ticketingEntrances,
  type RpcEntrance,
} from './contracts/rpc-entrances.ts';
export type { QueueDepth } from './contracts/queue-depths.ts';
export { smsState, type SmsState } from './contracts/sms-state.ts';
export {
  notificationsRpcQueue,
  routingKeys,
  subscriptions,
  ticketCreatedSubscription,
  ticketingEvents,
  ticketingRpcQueue,
  type ExchangeDefinition,
  type QueueDefinition,
  type Subscription,
} from './contracts/topology.ts';
export {
  BrokerUnavailable,
  ContractViolation,
  NotReady,
  OutcomeUnknown,
  Overloaded,
  Refusal,
  RemoteFailure,
  TurnoError,
} from './errors.ts';
export { newApiKey, readApiKey, type NewApiKey } from './api-key.ts';
export { EventStream } from './event-stream.ts';
export {
  httpLimits,
  limitConnections,
  serverOptions,
  type HttpLimits,
  type RefusedConnections,
} from './http-limits.ts';
export { closeServer, listen } from './http-server.ts';
export { breakerStateNumbers, breakerStateOf, type BreakerState } from './breaker-state.ts';
export { byText, inGroups } from './in-groups.ts';
export { inTime } from './in-time.ts';
export { createLogger, type Logger } from './logger.ts';
export { mask, withoutPersonal, withoutPhones } from './masking.ts';
export { exposeBroker, exposeDeadLetters } from './messaging/broker-metrics.ts';
export {
  inspectBroker,
  type BrokerInspection,
  type InspectBrokerOptions,
  type InspectedQueue,
} from './messaging/inspect-broker.ts';
export { maxMessageBytes } from './messaging/admission.ts';
export { BrokerConnection } from './messaging/connection.ts';
export { Consumer, type ConsumerOptions } from './messaging/consumer.ts';
export type { DeadLetter } from './messaging/dead-letter.ts';
export { selectLetters, type SelectedLetters } from './messaging/dead-letter-selection.ts';
export {
  bodyOf,
  listedLetter,
  maskedJson,
  reasonTotals,
  type ListedLetter,
  type ReasonTotal,
} from './messaging/dead-letter-view.ts';
export { DeadLetters, type Looked, type Settled } from './messaging/dead-letters.ts';
export { declareExchange, declareQueue, declareRpc, declareSubscription } from './messaging/declare-topology.ts';
export { headers } from './messaging/headers.ts';
export { migrateSubscriptions } from './messaging/migrate-subscriptions.ts';
export { deadLetter, done, holdOff, retry, type Outcome } from './messaging/outcome.ts';
export { Publisher, type OutgoingMessage } from './messaging/publisher.ts';
export { QueuedMessages, type QueuedMessage } from './messaging/queued-messages.ts';
export { queueDepths } from './messaging/queue-depths.ts';
export { RpcClient, type CallOptions } from './messaging/rpc-client.ts';
export type { RequestOf, ResultOf } from './messaging/rpc-contract.ts';
export { RpcServer, type CallContext, type RpcHandlers } from './messaging/rpc-server.ts';
export { OpsRefusal } from './ops-refusal.ts';
export { refusedWrite, type RefusedWrite } from './ops-writes.ts';
export { OpsServer, type ReadinessCheck } from './ops-server.ts';
export { commonPageFolder, headersOfPage, pageHeaders, secureAnswer, textPageHeaders } from './page.ts';
export { Metrics, secondsSince, type Labelled } from './telemetry/metrics.ts';
export { remembered } from './telemetry/remembered.ts';
export { startTelemetry, type Telemetry } from './telemetry/telemetry.ts';
export { isRecorded, traceContext, traceIdOf, type TraceContext } from './telemetry/trace-context.ts';
export { noTracing, type Span, type Tracing } from './telemetry/tracing.ts';
export { ShortLivedMap } from './short-lived-map.ts';
export { isDrawnIn, isJson, isLoopback, isOfThisSite, isPrivateName } from './this-site.ts';
export { version } from './version.ts';
export { randomId } from './random-id.ts';
export { Repeatedly, type RepeatedlyOptions } from './repeatedly.ts';
export { runService, type RunningService } from './run-service.ts';
