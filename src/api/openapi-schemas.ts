import { z } from 'zod';
import type { JsonSchema } from './openapi-types.ts';

/**
 * Turns zod schemas into JSON Schema; those with an id are kept once, and pointed to. Throws when two different
 * shapes have one id.
 */
export class SchemaBook {
  readonly #kept = new Map<string, JsonSchema>();

  /** Of what is sent: with defaults, nothing beyond what is named. */
  wish(schema: z.ZodType): JsonSchema {
    return this.#told(schema, 'input');
  }

  /** Of what comes back: a newer hub may tell more, so nothing forbids further members. */
  answer(schema: z.ZodType): JsonSchema {
    return this.#told(schema, 'output');
  }

  /** Every shape with an id, by id. */
  all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#kept].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #told(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const {
      $schema: _dialect,
      $defs,
      ...whole
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (io === 'output' && jsonSchema.additionalProperties === false)
          delete jsonSchema.additionalProperties;
      },
    });
    for (const [id, definition] of Object.entries($defs ?? {})) this.#keep(id, pointed(definition));
    return pointed(whole);
  }

  #keep(id: string, schema: JsonSchema): void {
    const known = this.#kept.get(id);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`two different shapes are called ${id}`);
    this.#kept.set(id, schema);
  }
}

/** With pointers into the document instead of into the schema itself. */
function pointed(schema: unknown): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === '$ref' && typeof value === 'string'
        ? value.replace('#/$defs/', '#/components/schemas/')
        : value,
    ),
  );
}
