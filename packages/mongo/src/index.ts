export { answered } from './answered.ts';
export { connectMongo, connectOnce, isAlive, type Connection } from './connect.ts';
export { isDuplicateKey } from './duplicate-key.ts';
export { asOutcome, DatabaseSilent, isUnavailable } from './unavailable.ts';
export { isWriteConflict } from './write-conflict.ts';
export { assertMigrated, createIndexes, indexDifferences, missingIndexes, type IndexDifferences } from './indexes.ts';
export { writeErrorsOf, type WriteError } from './write-errors.ts';
