/** Small APIs with one operation, to be held against each other. */
type Part = Record<string, unknown>;

export const base = { responses: { 200: { description: 'ok' } } };
export const api = (operation: Part, more: Part = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Small', version: '1.0.0' },
  paths: { '/a': { post: { ...base, ...operation } } },
  ...more,
});
export const json = (schema: Part) => ({ content: { 'application/json': { schema } } });
export const answering = (schema: Part, more: Part = {}) =>
  api({ responses: { 200: { description: 'ok', ...json(schema), ...more } } });
export const taking = (schema: Part, more: Part = {}) => api({ requestBody: { ...json(schema), ...more } });
export const asking = (...parameters: Part[]) => api({ parameters });
export const object = (properties: Part, ...required: string[]) => ({ type: 'object', properties, required });
export const text = { type: 'string' };
export const query = (name: string, more: Part = {}) => ({ name, in: 'query', schema: text, ...more });
export const header = (more: Part) => answering(text, { headers: { 'X-Count': { schema: text, ...more } } });

export const referring = (properties: Part) =>
  api(
    { responses: { 200: { $ref: '#/components/responses/Page' } } },
    {
      components: {
        responses: {
          Page: { description: 'ok', ...json({ type: 'array', items: { $ref: '#/components/schemas/A' } }) },
        },
        schemas: { A: object(properties) },
      },
    },
  );

/** Answers with a schema that refers to itself. */
export const tree = (properties: Part) => {
  const leaves = { type: 'array', items: { $ref: '#/components/schemas/Tree' } };
  return {
    ...answering({ $ref: '#/components/schemas/Tree' }),
    components: { schemas: { Tree: object({ ...properties, leaves }) } },
  };
};
