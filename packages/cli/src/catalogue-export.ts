import type { Catalogue } from '@turno/shared';
import { stringify } from 'yaml';

const head = `# The catalogue of Turno that was in force when it was exported. The customers are not part of it: they may be
# millions, and are kept in the customer directory (turno customers import). Change this file, then put it into force:
#   turno catalogue validate FILE
#   turno catalogue import FILE
`;

/** A catalogue as the text of a file that an import takes again, without its customers. JSON has no room for the remark. */
export function catalogueText({ known_customers: _apart, ...network }: Catalogue, format: 'yaml' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(network, undefined, 2)}\n`;
  return `${head}\n${stringify(network, { lineWidth: 120, aliasDuplicateObjects: false })}`;
}
