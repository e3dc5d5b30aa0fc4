import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from '@turno/gateway';
import { asyncApiDocument } from '@turno/shared';
import { configurationPage } from './configuration.ts';

/** A description that is kept in the repository, and what makes it. */
export interface Description {
  /** From the root of the repository. */
  readonly file: string;
  /** A document, or the very text of a page. */
  readonly make: () => object | string;
}

export const descriptions: readonly Description[] = [
  { file: 'docs/api/asyncapi.json', make: asyncApiDocument },
  { file: 'docs/api/openapi.json', make: openApiDocument },
  { file: 'docs/configuration.md', make: configurationPage },
];

const root = join(import.meta.dirname, '../..');

export function pathOf({ file }: Description): string {
  return join(root, file);
}

/** A description as it is kept: a page as it is, a document with two spaces, one line feed at the end. */
export function textOf({ make }: Description): string {
  const made = make();
  return typeof made === 'string' ? made : `${JSON.stringify(made, undefined, 2)}\n`;
}

/** What the repository holds of a description; empty when it holds nothing. */
export function committed(description: Description): Promise<string> {
  return readFile(pathOf(description), 'utf8').catch(() => '');
}
