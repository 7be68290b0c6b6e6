/** Every Latin letter of a message as its full-width form, what stands in braces kept: such text comes from messages alone. */
export function pseudo(text: string): string {
  return text.replace(/\{\w+\}|[A-Za-z]/g, (part) =>
    part.length > 1 ? part : String.fromCharCode(part.charCodeAt(0) + 0xfee0),
  );
}

export function pseudoTable<Key extends string>(table: Readonly<Record<Key, string>>): Record<Key, string> {
  const made: Partial<Record<Key, string>> = {};
  for (const key of Object.keys(table) as Key[]) made[key] = pseudo(table[key]);
  return made as Record<Key, string>;
}
