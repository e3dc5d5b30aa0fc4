// `npm run describe`: writes the descriptions of the API to docs/api, and docs/configuration.md, from the sources.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { committed, descriptions, pathOf, textOf } from './describe/descriptions.ts';

for (const description of descriptions) {
  const text = textOf(description);
  const isCurrent = (await committed(description)) === text;
  await mkdir(dirname(pathOf(description)), { recursive: true });
  await writeFile(pathOf(description), text);
  console.log(`${description.file}: ${isCurrent ? 'as before' : 'renewed'}`);
}
