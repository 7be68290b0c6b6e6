/** One thing of a form as it was when it was opened, as it is now, and as whoever has it open wants it. */
export interface ConflictRow {
  readonly label: string;
  readonly was: string;
  readonly now: string;
  /** Null: they left it as it was. */
  readonly mine: string | null;
}

/** The fields of a form as text, by their label, in the order they are shown. */
export type FieldTexts = readonly (readonly [label: string, text: string])[];

/** What somebody else changed in the meantime, beside what the form says. */
export function conflictRows(was: FieldTexts, now: FieldTexts, mine: FieldTexts): readonly ConflictRow[] {
  const [nowBy, mineBy] = [new Map(now), new Map(mine)];
  return was.flatMap(([label, before]) => {
    const after = nowBy.get(label) ?? '';
    const wanted = mineBy.get(label) ?? before;
    return after === before
      ? []
      : [{ label, was: before, now: after, mine: wanted === before ? null : wanted }];
  });
}

/** What was left as it was is not sent: it stays what somebody else made of it. */
export function onlyChanged<T extends object>(wanted: T, was: object): Partial<T> {
  const before = new Map<string, unknown>(Object.entries(was));
  const isChanged = (name: string, value: unknown): boolean =>
    JSON.stringify(value ?? '') !== JSON.stringify(before.get(name) ?? '');
  const same: Partial<T> = { ...wanted };
  for (const name of Object.keys(wanted) as (keyof T & string)[])
    if (!isChanged(name, wanted[name])) delete same[name];
  return same;
}
