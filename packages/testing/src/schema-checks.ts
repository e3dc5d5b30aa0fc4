import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { closed, closedBelow, each } from './closed-schemas.ts';
import type { OpenApiDocument } from './openapi-document.ts';

/** Keywords of OpenAPI that JSON Schema does not know, and the root that references to components start at. */
const openApiKeywords = ['components', 'discriminator', 'example', 'externalDocs', 'xml'];

/**
 * Judges values by the schemas of a document, as JSON Schema 2020-12 with its formats asserted. A property that a schema
 * does not document is wrong. A keyword or a format that nobody knows is an error, not a rule that is passed over.
 */
export class SchemaChecks {
  readonly #components: object;
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<object | boolean, ValidateFunction>();

  constructor({ components = {} }: OpenApiDocument, options: Options = {}) {
    this.#components = { ...components, schemas: each(closedBelow)((components as { schemas?: unknown }).schemas) };
    this.#ajv = newAjv(options);
  }

  /** What is wrong with a value, in words; empty when nothing is. */
  complaintsAbout(schema: object | boolean, value: unknown): string[] {
    let validate = this.#compiled.get(schema);
    if (!validate) {
      validate = this.#ajv.compile({ allOf: [closed(schema)], components: this.#components });
      this.#compiled.set(schema, validate);
    }
    return validate(value) ? [] : firstCauses(validate.errors ?? []).map(inWords);
  }
}

function newAjv(options: Options): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strictTypes: false,
    strictTuples: false,
    validateFormats: true,
    ...options,
  });
  ajv.addVocabulary(openApiKeywords);
  addFormats.default(ajv);
  return ajv;
}

/** Where a property breaks its schema, every property around it counts as unevaluated: that follows, and says nothing. */
function firstCauses(errors: readonly ErrorObject[]): ErrorObject[] {
  const causes = errors.filter(({ keyword }) => keyword !== 'unevaluatedProperties');
  const follows = ({ keyword, instancePath }: ErrorObject) =>
    keyword === 'unevaluatedProperties' && causes.some((cause) => cause.instancePath.startsWith(instancePath));
  return errors.filter((error) => !follows(error));
}

function inWords({ instancePath, message, params }: ErrorObject): string {
  const { additionalProperty, unevaluatedProperty, allowedValue, allowedValues } = params as Record<string, unknown>;
  const undocumented = additionalProperty ?? unevaluatedProperty;
  if (typeof undocumented === 'string') return `${instancePath}/${undocumented} is not documented`;
  const allowed = allowedValues ?? allowedValue;
  return `${instancePath || 'the whole'} ${message}${allowed === undefined ? '' : ` (${JSON.stringify(allowed)})`}`;
}
