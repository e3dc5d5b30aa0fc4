import type { BSON } from 'bson';
import type { Backend } from './backend.ts';
import { elements, findElement, slice } from './bson-scan.ts';
import { decode, type Command } from './command.ts';
import { illegalOperation } from './error-codes.ts';
import { failureReply } from './failure.ts';

/** A node of `EXPLAIN (FORMAT JSON)`, with what DocumentDB adds to it. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly IndexDetails?: readonly {
    readonly indexName: string;
    readonly indexKey?: string;
    readonly indexBounds?: string[];
  }[];
  readonly Plans?: readonly PlanNode[];
}

/** As in MongoDB's explain: a stage and what feeds it. */
export interface Stage {
  stage: string;
  inputStage?: Stage;
  indexName?: string;
  keyPattern?: unknown;
  indexBounds?: unknown;
}

const functions: Readonly<Record<string, string>> = {
  find: 'bson_aggregation_find',
  aggregate: 'bson_aggregation_pipeline',
  count: 'bson_aggregation_count',
  distinct: 'bson_aggregation_distinct',
  update: 'bson_aggregation_update',
  delete: 'bson_aggregation_delete',
  findAndModify: 'bson_aggregation_find_and_modify',
};
const reads = new Set(['find', 'aggregate', 'count', 'distinct']);

const stageNames: Readonly<Record<string, string>> = {
  Limit: 'LIMIT',
  Sort: 'SORT',
  'Incremental Sort': 'SORT',
  Aggregate: 'GROUP',
  'Seq Scan': 'COLLSCAN',
};
const indexScans = new Set(['Index Scan', 'Index Only Scan', 'Bitmap Index Scan']);

/** DocumentDB walks a collection through its primary key, by the shard alone: what MongoDB calls a collection scan. */
function walksCollection(node: PlanNode): boolean {
  return node['Index Name'] === '_id_' && !node['Index Cond']?.includes('object_id');
}

function asIndexScan(node: PlanNode, details: PlanNode['IndexDetails']): Stage {
  if (walksCollection(node)) return { stage: 'COLLSCAN' };
  const indexName = node['Index Name'] ?? '';
  const detail = details?.find((candidate) => candidate.indexName === indexName);
  const scan: Stage = {
    stage: 'IXSCAN',
    indexName,
    ...(detail?.indexKey ? { keyPattern: JSON.parse(detail.indexKey) as unknown } : {}),
    ...(detail?.indexBounds ? { indexBounds: detail.indexBounds } : {}),
  };
  return { stage: 'FETCH', inputStage: scan };
}

/** PostgreSQL's plan in MongoDB's words, as far as it has them; nodes without a counterpart of their own are passed through. */
export function toStage(node: PlanNode, details: PlanNode['IndexDetails'] = node.IndexDetails): Stage {
  if (indexScans.has(node['Node Type'])) return asIndexScan(node, details);
  const inputs = (node.Plans ?? []).map((plan) => toStage(plan, node.IndexDetails ?? details));
  const stage = stageNames[node['Node Type']];
  const [inputStage] = inputs;
  if (!stage) return inputStage ?? { stage: node['Node Type'].toUpperCase() };
  return inputStage ? { stage, inputStage } : { stage };
}

/** Documents read from the collection, whether they matched or not. */
function docsExamined(node: PlanNode): number {
  const below = (node.Plans ?? []).reduce((sum, plan) => sum + docsExamined(plan), 0);
  if (!/^(Seq|Index|Index Only|Bitmap Heap) Scan$/.test(node['Node Type'])) return below;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return below + (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1) + removed;
}

/** The `explain` command. Only reads are executed for their statistics; a write is never run. */
export async function explain(backend: Backend, command: Command): Promise<BSON.Document> {
  const { database, body } = command;
  const inner = findElement(body, 'explain');
  const spec = inner && slice(body, inner);
  const [first] = spec ? elements(spec) : [];
  const name = first?.name ?? '';
  const view = functions[name];
  if (!spec || !view) return failureReply(illegalOperation, `cannot explain '${name}'`);
  const analyze = reads.has(name) && decode(body)['verbosity'] !== 'queryPlanner';
  const [plans] = await backend.row(
    `explain (format json${analyze ? ', analyze' : ''}) select document from documentdb_api_catalog.${view}($1, $2::documentdb_core.bson)`,
    [database, spec],
  );
  const [{ Plan: plan, 'Execution Time': executionTimeMillis = 0 }] = plans as [
    { Plan: PlanNode; 'Execution Time'?: number },
  ];
  const namespace = `${database}.${String(decode(spec)[name])}`;
  const executionStats = {
    executionSuccess: true,
    nReturned: plan['Actual Rows'] ?? 0,
    executionTimeMillis,
    totalDocsExamined: docsExamined(plan),
  };
  return {
    explainVersion: '1',
    queryPlanner: { namespace, winningPlan: toStage(plan), rejectedPlans: [] },
    ...(analyze ? { executionStats } : {}),
    ok: 1,
  };
}
