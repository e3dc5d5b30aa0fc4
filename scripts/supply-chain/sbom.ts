// `npm run sbom`: for each image what is in it, as CycloneDX, in dist/sbom. Images have their own as /app/sbom.cdx.json.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { imagePackages, outputOfPnpm, root } from './pnpm.ts';

const folder = join(root, 'dist/sbom');
mkdirSync(folder, { recursive: true });
for (const name of imagePackages) {
  const file = join(folder, `${name.replace('@turno/', '')}.cdx.json`);
  outputOfPnpm(
    '--filter',
    name,
    'sbom',
    '--prod',
    '--sbom-format',
    'cyclonedx',
    '--sbom-type',
    'application',
    '--out',
    file,
  );
  console.log(file);
}
