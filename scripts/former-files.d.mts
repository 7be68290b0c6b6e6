/** From when on files are kept, where `last` is what the former build wrote last. */
export function keptFromMs(last: string): Promise<number>;

/** Removes from a folder what is not in `made` and older. */
export function removeFormer(folder: string, made: ReadonlySet<string>, keptFromMs: number): Promise<void>;
