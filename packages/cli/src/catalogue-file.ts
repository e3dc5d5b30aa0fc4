import { catalogue, type Catalogue } from '@turno/shared';
import { LineCounter, parseDocument } from 'yaml';
import { mistakesOf, type MistakeInFile } from './catalogue-mistakes.ts';
import { readInputFile } from './input-file.ts';

/** More than these are not shown at once: whoever mends the first fifty has mended most. */
const shownMistakes = 50;

/** A file that is no good catalogue; the message has a line per mistake. */
export class BadCatalogue extends Error {
  override readonly name = 'BadCatalogue';
  readonly mistakes: readonly MistakeInFile[];

  constructor(file: string, mistakes: readonly MistakeInFile[]) {
    super(wording(file, mistakes));
    this.mistakes = mistakes;
  }
}

/**
 * Reads a catalogue from a YAML or JSON file; JSON is a part of YAML, and both give lines and columns.
 *
 * @throws BadCatalogue with a line per mistake: `catalogue/demo.yaml:23:9 branches.0.code: is missing`
 */
export async function readCatalogue(file: string): Promise<Catalogue> {
  return catalogueOf(await readInputFile(file), file);
}

/** As {@link readCatalogue}, of a text at hand. */
export function catalogueOf(text: string, file: string): Catalogue {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new BadCatalogue(
      file,
      document.errors.map(({ message, pos: [start] }) => ({ at: lines.linePos(start), path: '', message })),
    );
  }
  if (document.contents === null) throw new Error(`${file}: the file is empty, a catalogue is expected`);
  // Operators' own files: a week of hours may be named once and used by every branch.
  const result = catalogue.safeParse(document.toJS({ maxAliasCount: -1 }));
  if (result.success) return result.data;
  throw new BadCatalogue(file, mistakesOf(result.error.issues, document, lines));
}

function wording(file: string, mistakes: readonly MistakeInFile[]): string {
  const shown = mistakes.slice(0, shownMistakes).map(({ at, path, message }) => {
    const place = `${file}:${at.line}:${at.col}`;
    return path === '' ? `  ${place}: ${message}` : `  ${place} ${path}: ${message}`;
  });
  const more = mistakes.length - shown.length;
  if (more > 0) shown.push(`  … and ${more} more`);
  return `${file} is not a good catalogue:\n${shown.join('\n')}`;
}
