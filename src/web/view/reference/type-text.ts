import type { JsonSchema } from '../../../api/contract.ts';

/** A type in words, in parts: a part with `shape` is the name of one that is told elsewhere on the page. */
export interface TypePart {
  readonly text: string;
  readonly shape?: true;
}

/** `string`, `integer, 1 to 1000`, `array of Host`, `"csv" or "jsonl"`, `Process or null`. */
export function typeParts(schema: JsonSchema): TypePart[] {
  if (typeof schema.$ref === 'string') return [{ text: schema.$ref.split('/').at(-1) ?? '', shape: true }];
  if ('const' in schema) return [{ text: JSON.stringify(schema.const) }];
  if (Array.isArray(schema.enum)) return [{ text: orList(schema.enum.map((one) => JSON.stringify(one))) }];
  const several = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(several)) return joined(several.map(typeParts), ' or ');
  if (schema.type === 'array') return [{ text: 'array of ' }, ...typeParts(schemaOf(schema.items))];
  if (schema.type === 'object' && schema.properties === undefined && schema.additionalProperties)
    return [{ text: 'object of name to ' }, ...typeParts(schemaOf(schema.additionalProperties))];
  if (schema.type === 'object') return [{ text: 'object' }];
  return [{ text: `${String(schema.type ?? 'anything')}${limits(schema)}` }];
}

export function plainType(schema: JsonSchema): string {
  return typeParts(schema)
    .map(({ text }) => text)
    .join('');
}

function joined(parts: readonly TypePart[][], between: string): TypePart[] {
  return parts.flatMap((part, at) => (at === 0 ? part : [{ text: between }, ...part]));
}

const MOST_WORDS = 12;

function orList(words: readonly string[]): string {
  const shown = words.slice(0, MOST_WORDS);
  return shown.join(' or ') + (words.length > shown.length ? ` or ${words.length - shown.length} more` : '');
}

function limits({ minimum, maximum, minLength, maxLength, exclusiveMinimum }: JsonSchema): string {
  const from = minimum ?? exclusiveMinimum;
  if (from !== undefined && maximum !== undefined) return `, ${String(from)} to ${String(maximum)}`;
  if (from !== undefined) return from === 0 ? '' : `, from ${String(from)}`;
  if (typeof maxLength === 'number' && maxLength < 1_000 && Number(minLength ?? 0) <= 1)
    return `, at most ${maxLength} characters`;
  return '';
}

/** A schema where one may stand; anything for what is none. */
export function schemaOf(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
