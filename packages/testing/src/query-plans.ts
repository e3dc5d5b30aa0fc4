import type { mongo } from 'mongoose';

type Document = mongo.BSON.Document;

/** How the database carries out one command. */
export interface QueryPlan {
  /** `find tickets {"_id":1}`: the command, its collection and its condition. */
  readonly command: string;
  /** From the outermost stage to the one that reads: `LIMIT`, `FETCH`, `IXSCAN`. */
  readonly stages: readonly string[];
  /** The indexes that are used. */
  readonly indexes: readonly string[];
}

const explainable = new Set(['find', 'aggregate', 'count', 'distinct', 'update', 'delete', 'findAndModify']);
/** What the driver adds for itself. */
const ofTheDriver = new Set(['lsid', '$db', '$clusterTime', 'txnNumber', 'apiVersion']);

/**
 * Runs `work`, and asks the database how it carries out each command that `work` has sent.
 *
 * @param client with command monitoring on (`monitorCommands`)
 */
export async function queryPlansOf(client: mongo.MongoClient, work: () => Promise<unknown>): Promise<QueryPlan[]> {
  const commands: Document[] = [];
  const record = ({ commandName, command }: mongo.CommandStartedEvent): void => {
    if (explainable.has(commandName)) commands.push(command);
  };
  client.on('commandStarted', record);
  await work();
  client.off('commandStarted', record);
  return Promise.all(commands.map((command) => planOf(client, command)));
}

async function planOf(client: mongo.MongoClient, command: Document): Promise<QueryPlan> {
  const own = Object.fromEntries(Object.entries(command).filter(([key]) => !ofTheDriver.has(key)));
  const explain = own['findAndModify'] === undefined ? own : asFind(own);
  const reply = await client.db(command['$db'] as string).command({ explain, verbosity: 'queryPlanner' });
  const stages = [...stagesOf(winningPlanOf(reply))];
  return {
    command: inWords(own),
    stages: stages.map(({ stage }) => String(stage)),
    indexes: stages.flatMap(({ indexName }) => (indexName === undefined ? [] : [String(indexName)])),
  };
}

/** DocumentDB does not explain findAndModify: what it takes is found like this. */
function asFind({ findAndModify, query, sort }: Document): Document {
  return { find: findAndModify as unknown, filter: query as unknown, limit: 1, ...(sort !== undefined && { sort }) };
}

/** MongoDB nests the plan of an aggregation in its first stage, unless the whole runs in one engine. */
function winningPlanOf(reply: Document): Document {
  const [cursor] = (reply['stages'] ?? []) as Document[];
  const { winningPlan } = (cursor?.['$cursor'] ?? reply)['queryPlanner'] as { winningPlan: Document };
  return (winningPlan['queryPlan'] as Document | undefined) ?? winningPlan;
}

function* stagesOf(plan: Document): Generator<Document> {
  yield plan;
  const inputs = [plan['inputStage'], ...((plan['inputStages'] as unknown[] | undefined) ?? [])];
  for (const input of inputs) if (input) yield* stagesOf(input as Document);
}

function inWords(command: Document): string {
  const [[name, collection] = []] = Object.entries(command);
  const { filter, query, q, pipeline, updates, deletes } = command;
  return `${name} ${String(collection)} ${JSON.stringify(filter ?? query ?? q ?? pipeline ?? updates ?? deletes)}`;
}
