/** A struct that carries one of these is written with it. Inherited, so that no copy with other members has it. */
export const KEPT: unique symbol = Symbol('kept text');

/** The text of structs that differ in the members named alone: what is between those is written once. */
export class KeptText {
  readonly changing: readonly string[];
  /** Before, between and after the members that change; null until one of the structs is written. */
  parts: readonly string[] | null = null;

  constructor(changing: readonly string[]) {
    this.changing = changing;
  }
}

export function keptTextOf(struct: object): KeptText | null {
  const kept: unknown = KEPT in struct ? struct[KEPT] : null;
  return kept instanceof KeptText ? kept : null;
}
