import { readdirSync } from 'node:fs';

const NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** The migrations of this program, oldest first. */
export function migrationFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => NAME.test(file))
    .sort();
}

/** The schema this program brings a database up to. */
export function newestSchema(folder: string): number {
  return Number(migrationFiles(folder).at(-1)?.slice(0, 4) ?? 0);
}
