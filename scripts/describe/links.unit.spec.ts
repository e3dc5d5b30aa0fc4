import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { deadLinks, missingSpecs, pages } from './links.ts';

const root = join(import.meta.dirname, '../..');

describe('the pages', () => {
  test.each(pages(root))(
    'when %s is read, then each of its links leads to a file and a heading that are there',
    (page) => {
      expect(deadLinks(root, page)).toEqual([]);
    },
  );

  test('when the failure modes name their tests, then these are there', () => {
    expect(missingSpecs(root, 'docs/failure-modes.md')).toEqual([]);
  });
});
