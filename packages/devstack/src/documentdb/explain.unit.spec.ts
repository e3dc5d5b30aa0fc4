import { describe, expect, it } from '@jest/globals';
import { toStage } from './explain.ts';

describe("PostgreSQL's plan in MongoDB's words", () => {
  const scan = { 'Node Type': 'Bitmap Index Scan', 'Index Name': 'by_number', 'Index Cond': '(document @= …)' };
  const custom = {
    'Node Type': 'Custom Scan',
    IndexDetails: [{ indexName: 'by_number', indexKey: '{"number": 1}' }],
    Plans: [{ 'Node Type': 'Bitmap Heap Scan', Plans: [scan] }],
  };

  it('names the index that is used', () => {
    expect(toStage({ 'Node Type': 'Limit', Plans: [{ 'Node Type': 'Sort', Plans: [custom] }] })).toEqual({
      stage: 'LIMIT',
      inputStage: {
        stage: 'SORT',
        inputStage: {
          stage: 'FETCH',
          inputStage: { stage: 'IXSCAN', indexName: 'by_number', keyPattern: { number: 1 } },
        },
      },
    });
  });

  it('calls it a collection scan when the primary key only serves to walk through all documents', () => {
    const walk = { 'Node Type': 'Index Scan', 'Index Name': '_id_', 'Index Cond': "(shard_key_value = '3')" };
    expect(toStage(walk)).toEqual({ stage: 'COLLSCAN' });
    expect(toStage({ 'Node Type': 'Seq Scan' })).toEqual({ stage: 'COLLSCAN' });
  });

  it('sees a look-up by _id as one', () => {
    const lookUp = {
      'Node Type': 'Index Scan',
      'Index Name': '_id_',
      'Index Cond': '(shard_key_value = 3 AND object_id = 1)',
    };
    expect(toStage(lookUp).inputStage).toEqual({ stage: 'IXSCAN', indexName: '_id_' });
  });
});
