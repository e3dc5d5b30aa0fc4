import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { parse, parseAllDocuments } from 'yaml';

interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string };
  readonly spec: object;
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly securityContext: object;
}
interface WithPod extends Manifest {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } };
}

/** Of Kubernetes' own schemas, as a package has them. */
const models = { Deployment, HorizontalPodAutoscaler, Job, NetworkPolicy, PodDisruptionBudget, Service };
const folder = join(import.meta.dirname, '../deploy/kubernetes');
const services = ['gateway', 'notifications', 'ticketing'];

let kustomization: { resources: string[]; images: { name: string }[] };
let manifests: Manifest[];

beforeAll(async () => {
  kustomization = parse(await readFile(join(folder, 'kustomization.yaml'), 'utf8')) as typeof kustomization;
  const read = kustomization.resources.map(async (file) => {
    const documents = parseAllDocuments(await readFile(join(folder, file), 'utf8'));
    return documents.map((document) => document.toJS() as Manifest);
  });
  manifests = (await Promise.all(read)).flat();
});

/** What Kubernetes' schema says against it; nothing when it is as it has to be. */
function complaint(manifest: Manifest): string | undefined {
  const Model = models[manifest.kind as keyof typeof models] as unknown as new (data: object) => { validate(): void };
  try {
    new Model(manifest).validate();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** The schemas let fields pass that they do not know, and then take any value for them: even one that nothing can be. */
function unknownFields(manifest: Manifest): string[] {
  const found: string[] = [];
  const visit = (node: object, path: string): void => {
    for (const [key, value] of Object.entries(node)) {
      const place = `${path}.${key}`;
      Object.assign(node, { [key]: () => undefined });
      if (complaint(manifest) === undefined) found.push(place);
      Object.assign(node, { [key]: value });
      if (typeof value === 'object' && value !== null) visit(value, place);
    }
  };
  const { kind, metadata, spec } = manifest;
  visit(metadata, `${kind} metadata`);
  visit(spec, `${kind} ${metadata.name}`);
  return found;
}

describe('the manifests for Kubernetes', () => {
  test('when they are held against its schemas, then there is nothing to be said against them', () => {
    expect(manifests.length).toBeGreaterThan(10);
    const complaints = manifests.flatMap((manifest) => complaint(manifest) ?? unknownFields(manifest));
    expect(complaints).toEqual([]);
  });

  test('when a field is misspelt, then it is found', () => {
    const manifest = structuredClone(manifests.find(({ kind }) => kind === 'Deployment')) as WithPod;
    Object.assign(manifest.spec.template.spec, { serviceAcountName: 'somebody' });
    expect(unknownFields(manifest)).toEqual([expect.stringContaining('serviceAcountName')]);
  });

  test('when a file is there, then the kustomization names it', async () => {
    const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml') && name !== 'catalogue.yaml');
    expect([...kustomization.resources, 'kustomization.yaml'].toSorted()).toEqual(files.toSorted());
  });

  test('when a pod runs, then it is not root, writes nowhere and has no rights of the kernel; its image has a tag', () => {
    const pods = manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job') as WithPod[];
    expect(pods.map(({ metadata }) => metadata.name).toSorted()).toEqual([...services, 'migrate'].toSorted());
    for (const { spec } of pods) {
      expect(spec.template.spec).toMatchObject({ securityContext: { runAsNonRoot: true } });
      for (const { image, securityContext } of spec.template.spec.containers) {
        expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
        expect(kustomization.images.map(({ name }) => name)).toContain(image);
      }
    }
  });

  test('when nodes are drained, then each service keeps instances', () => {
    const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budgets.map(({ metadata }) => metadata.name).toSorted()).toEqual(services);
  });
});
