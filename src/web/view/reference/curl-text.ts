import { API_ROOT, type JsonSchema, type OpenApiOperation } from '../../../api/contract.ts';
import { schemaOf } from './type-text.ts';

/** A line to try a route with; `$HUB` and `$TOKEN` are the reader's own. */
export function curlText(
  method: string,
  path: string,
  { security, parameters, requestBody }: OpenApiOperation,
): string {
  const content = requestBody?.content['application/json'];
  const query = parameters
    .filter(({ in: place, required, schema }) => place === 'query' && (required || 'example' in schema))
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(sample(schema)))}`);
  const headers = parameters.filter((parameter) => parameter.name === 'idempotency-key');
  const parts = [
    'curl',
    ...(method === 'get' ? [] : [`-X ${method.toUpperCase()}`]),
    ...(security.length === 0 ? [] : ['-H "authorization: Bearer $TOKEN"']),
    ...headers.map(({ name }) => `-H '${name}: '$(uuidgen)`),
    ...(content === undefined
      ? []
      : [
          "-H 'content-type: application/json'",
          `-d ${quoted(JSON.stringify(content.example ?? sample(content.schema)))}`,
        ]),
    `"$HUB${API_ROOT}${path}${query.length === 0 ? '' : `?${query.join('&')}`}"`,
  ];
  return parts.join(' \\\n  ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The smallest value a schema takes, in words a reader sees are to be replaced. */
function sample(schema: JsonSchema): unknown {
  if ('example' in schema) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const several = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(several)) return sample(schemaOf(several[0]));
  if (schema.type === 'array') return sampleList(schema);
  if (schema.type === 'object') return sampleObject(schema);
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  return schema.type === 'boolean' ? true : '…';
}

function sampleList({ items, prefixItems }: JsonSchema): unknown[] {
  const first = Array.isArray(prefixItems) ? prefixItems[0] : items;
  return [sample(schemaOf(first))];
}

function sampleObject({ properties, required }: JsonSchema): Record<string, unknown> {
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.fromEntries(
    Object.entries(schemaOf(properties))
      .filter(([name]) => needed.includes(name))
      .map(([name, member]) => [name, sample(schemaOf(member))]),
  );
}
