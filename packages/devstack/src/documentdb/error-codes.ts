/** MongoDB's number and name of an error. */
export interface ErrorCode {
  readonly code: number;
  readonly codeName: string;
}

const named = (code: number, codeName: string): ErrorCode => ({ code, codeName });

export const internalError = named(1, 'InternalError');
export const duplicateKey = named(11_000, 'DuplicateKey');
export const cursorNotFound = named(43, 'CursorNotFound');
export const commandNotFound = named(59, 'CommandNotFound');
export const illegalOperation = named(20, 'IllegalOperation');
export const writeConflict = named(112, 'WriteConflict');

/** DocumentDB's own SQLSTATEs, and PostgreSQL's where it lets them through, by what MongoDB says in that case. */
const bySqlState: Readonly<Record<string, ErrorCode>> = {
  M0000: internalError,
  M0001: named(2, 'BadValue'),
  M0002: named(5, 'GraphContainsCycle'),
  M0003: named(9, 'FailedToParse'),
  M0004: named(14, 'TypeMismatch'),
  M0005: named(15, 'Overflow'),
  M0006: illegalOperation,
  M0008: named(26, 'NamespaceNotFound'),
  M0009: named(27, 'IndexNotFound'),
  M000A: named(28, 'PathNotViable'),
  M000C: named(34, 'CannotBackfillArray'),
  M000D: named(40, 'ConflictingUpdateOperators'),
  M000E: cursorNotFound,
  M000F: named(48, 'NamespaceExists'),
  M000G: named(52, 'DollarPrefixedFieldName'),
  M000I: named(54, 'NotSingleValueField'),
  M000J: named(56, 'EmptyFieldName'),
  M000K: named(57, 'DottedFieldName'),
  M000L: named(61, 'ShardKeyNotFound'),
  M000M: named(66, 'ImmutableField'),
  M000N: named(67, 'CannotCreateIndex'),
  M000O: named(68, 'IndexAlreadyExists'),
  M000P: named(72, 'InvalidOptions'),
  M000Q: named(73, 'InvalidNamespace'),
  M000R: named(85, 'IndexOptionsConflict'),
  M000S: named(86, 'IndexKeySpecsConflict'),
  M000U: named(115, 'CommandNotSupported'),
  M000W: named(146, 'ExceededMemoryLimit'),
  M000Z: named(166, 'CommandNotSupportedOnView'),
  M0010: named(167, 'OptionNotSupportedOnView'),
  M0011: named(181, 'AmbiguousIndexKeyPattern'),
  M0012: named(197, 'InvalidIndexSpecificationOption'),
  M0013: named(224, 'QueryFeatureNotAllowed'),
  M0015: named(241, 'ConversionFailure'),
  M0016: named(263, 'OperationNotSupportedInTransaction'),
  M0017: named(276, 'IndexBuildAborted'),
  M0018: named(291, 'UnableToFindIndex'),
  M001B: named(10_334, 'BSONObjectTooLarge'),
  M001C: duplicateKey,
  M001D: named(12_587, 'BackgroundOperationInProgressForNamespace'),
  M003A: named(17_419, 'Location17419'),
  M003B: named(17_420, 'Location17420'),
  M007R: named(40_319, 'Location40319'),
  M007S: named(40_321, 'Location40321'),
  M007T: named(40_323, 'Location40323'),
  M007U: named(40_324, 'Location40324'),
  M007V: named(40_352, 'Location40352'),
  M0088: named(40_415, 'Location40415'),
  M00CO: named(121, 'DocumentValidationFailure'),
  M00EW: named(24, 'LockTimeout'),
  M00EX: named(50, 'MaxTimeMSExpired'),
  M00EY: commandNotFound,
  M00F0: named(91, 'ShutdownInProgress'),
  M00F1: writeConflict,
  '23505': duplicateKey,
  '23P01': duplicateKey,
  // The statement lost against another one, and was rolled back.
  '40001': writeConflict,
  '40P01': writeConflict,
  '55P03': named(24, 'LockTimeout'),
  '57014': named(50, 'MaxTimeMSExpired'),
  '57P01': named(11_600, 'InterruptedAtShutdown'),
  '57P02': named(11_600, 'InterruptedAtShutdown'),
  '57P03': named(91, 'ShutdownInProgress'),
  '53100': named(14_031, 'OutOfDiskSpace'),
};

/** An error without a counterpart is an internal one. */
export function errorCodeOf(sqlState: string | undefined): ErrorCode {
  return (sqlState && bySqlState[sqlState]) || internalError;
}

/** PostgreSQL was not there, or went while it worked: what a MongoDB that stops answers with. */
export const backendLost: ErrorCode = named(11_600, 'InterruptedAtShutdown');

/** PostgreSQL packs the five characters of a SQLSTATE into an integer, six bits each, the first one lowest. */
export function unpackSqlState(packed: number): string {
  return Array.from({ length: 5 }, (_, place) => String.fromCharCode(((packed >> (6 * place)) & 63) + 48)).join('');
}
