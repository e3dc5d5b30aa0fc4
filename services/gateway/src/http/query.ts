import { z } from 'zod';

/** Says of a parameter what it is once it is read, not that all parameters travel as text. */
function documentedAs(schema: Record<string, unknown>, description: string) {
  const override = ({ jsonSchema }: { jsonSchema: object }): void => {
    for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Record<string, unknown>)[key];
    Object.assign(jsonSchema, schema);
  };
  return { description, override };
}

function number(name: string, min: number, max: number, description: string) {
  const error = `Invalid ${name}.`;
  return z
    .string({ error })
    .regex(/^-?\d{1,3}(\.\d{1,15})?$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }))
    .meta(documentedAs({ type: 'number', minimum: min, maximum: max }, description));
}

function wholeNumber(name: string, min: number, max: number, byDefault: number, description: string) {
  const error = `Invalid ${name}.`;
  return z
    .string({ error })
    .regex(/^\d{1,5}$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }))
    .default(byDefault)
    .meta(documentedAs({ type: 'integer', minimum: min, maximum: max, default: byDefault }, description));
}

/** Which part of a list is asked for. */
export const paging = {
  offset: wholeNumber('offset', 0, 99_999, 0, 'How many items come before the answered ones.'),
  limit: wholeNumber('limit', 1, 50, 10, 'How many items are answered at most.'),
};

export const latitude = (name: string, description: string) => number(name, -90, 90, description);
export const longitude = (name: string, description: string) => number(name, -180, 180, description);

export const flag = (name: string, description: string) =>
  z
    .enum(['true', 'false'], { error: `Invalid ${name}.` })
    .transform((value) => value === 'true')
    .meta(documentedAs({ type: 'boolean' }, description));

/** `open` or `close`, as the API writes it in queries, for what bodies call OPEN and CLOSE. */
export const operatingStatus = z
  .enum(['open', 'close'], { error: 'Invalid status.' })
  .transform((value) => (value === 'open' ? 'OPEN' : 'CLOSE'))
  .meta(documentedAs({ type: 'string', enum: ['open', 'close'] }, 'What operators have set.'));

/** The names of the fields to answer, the rest being left out. */
export function fieldsOf(item: z.ZodObject) {
  const names = Object.keys(item.shape);
  return z
    .string({ error: fieldNotFound })
    .transform((list) => list.split(','))
    .pipe(z.array(z.enum(names as [string, ...string[]], { error: fieldNotFound })))
    .meta({
      ...documentedAs({ type: 'array', items: { type: 'string', enum: names } }, 'Fields to answer, all by default.'),
      param: { style: 'form', explode: false },
    });
}

const fieldNotFound = 'Requested field not found.';

/** The item with the named fields alone, in its own order; whole when none are named. */
export function pick(item: object, fields: readonly string[] | undefined): object {
  if (!fields) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name)));
}

interface Part {
  readonly offset: number;
  readonly limit: number;
}

/** The headers of an answered list. */
export const paginationHeaders = z.object({
  'X-Pagination-Count': wholeNumberHeader('How many items the whole list has.'),
  'X-Pagination-Page': wholeNumberHeader('Which page this is, from 1 on, pages being as long as the limit.'),
  'X-Pagination-Limit': wholeNumberHeader('How many items a page has at most.'),
});

function wholeNumberHeader(description: string) {
  return z.int().min(0).meta({ description });
}

export function paginationOf(count: number, { offset, limit }: Part): Record<string, string> {
  return {
    'X-Pagination-Count': String(count),
    'X-Pagination-Page': String(Math.floor(offset / limit) + 1),
    'X-Pagination-Limit': String(limit),
  };
}
