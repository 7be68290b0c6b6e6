import type { JsonSchema } from '../../../api/contract.ts';
import { schemaOf, type TypePart, typeParts } from './type-text.ts';

/** One member of an object, as a row. */
export interface MemberRow {
  readonly name: string;
  readonly type: readonly TypePart[];
  readonly required: boolean;
  readonly says: string;
  /** As text; undefined when there is none. */
  readonly otherwise: string | undefined;
  readonly members: readonly MemberRow[];
}

/** The members of an object, of the objects of an array, or of each form a shape may take. */
export function membersOf(schema: JsonSchema): MemberRow[] {
  if (schema.type === 'array') return membersOf(schemaOf(schema.items));
  const several = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(several)) return formsOf(several.map(schemaOf));
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schemaOf(schema.properties)).map(([name, member]) =>
    rowOf(name, schemaOf(member), required.includes(name)),
  );
}

function rowOf(name: string, schema: JsonSchema, required: boolean): MemberRow {
  return {
    name,
    type: typeParts(schema),
    required,
    says: typeof schema.description === 'string' ? schema.description : '',
    otherwise: schema.default === undefined ? undefined : JSON.stringify(schema.default),
    members: membersOf(schema),
  };
}

/** Of shapes that differ by a word, one row for each word. */
function formsOf(forms: readonly JsonSchema[]): MemberRow[] {
  return forms.flatMap((form) => {
    const members = membersOf(form);
    const word = Object.entries(schemaOf(form.properties)).find(([, member]) => 'const' in schemaOf(member));
    if (word === undefined) return members;
    const [name, member] = word;
    const rest = members.filter((row) => row.name !== name);
    return [{ ...rowOf(name, schemaOf(member), true), members: rest }];
  });
}
