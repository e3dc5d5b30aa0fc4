import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from '@turno/gateway';
import { asyncApiDocument } from '@turno/shared';

/** A description that is kept in the repository, and what makes it. */
export interface Description {
  /** From the root of the repository. */
  readonly file: string;
  readonly make: () => object;
}

export const descriptions: readonly Description[] = [
  { file: 'docs/api/asyncapi.json', make: asyncApiDocument },
  { file: 'docs/api/openapi.json', make: openApiDocument },
];

const root = join(import.meta.dirname, '../..');

export function pathOf({ file }: Description): string {
  return join(root, file);
}

/** A description as it is kept: two spaces, one line feed at the end. */
export function textOf({ make }: Description): string {
  return `${JSON.stringify(make(), undefined, 2)}\n`;
}

/** What the repository holds of a description; empty when it holds nothing. */
export function committed(description: Description): Promise<string> {
  return readFile(pathOf(description), 'utf8').catch(() => '');
}
