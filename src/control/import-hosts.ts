import type { Host } from '../fleet/host.ts';
import type { ImportedRow, ImportRow } from '../fleet/imported-row.ts';
import type { Problem } from '../fleet/problem.ts';
import { parseSupervisordAddress, type SupervisordAddress } from '../links/supervisord-address.ts';
import type { Credentials } from '../store/credentials.ts';
import { sameSupervisor } from './host-address.ts';
import { hostFrom, type RegisterPorts } from './register-host.ts';

type Add = (host: Host, credentials: Credentials | null) => void;

/** Names are resolved this many at a time: a slow DNS must not make a list of hundreds take minutes. */
const AT_ONCE = 16;

/** Registers the rows of a list through `add`, each one or not; says of each what became of it, in order. */
export async function importHosts(
  rows: readonly ImportRow[],
  ports: RegisterPorts,
  add: Add,
): Promise<ImportedRow[]> {
  const outcomes: ImportedRow[] = [];
  const seen: { address: SupervisordAddress; name: string }[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE);
    const checked = await Promise.all(some.map((row) => hostFrom(wishOf(row), ports)));
    some.forEach((row, index) => {
      const host = checked[index];
      const address = parseSupervisordAddress(row.url);
      const twin = address.ok ? seen.find((one) => sameSupervisor(one.address, address.value)) : undefined;
      const namesake = seen.find(({ name }) => name.toLowerCase() === row.name.toLowerCase());
      if (twin !== undefined)
        outcomes.push(outcome(row, 'known', `the list has it already, as ${twin.name}`));
      else if (namesake !== undefined)
        outcomes.push(outcome(row, 'refused', 'the list has this name already'));
      else if (host?.ok && address.ok) {
        seen.push({ address: address.value, name: row.name });
        add(host.value.host, credentialsOf(row));
        outcomes.push(outcome(row, 'added', row.remark));
      } else if (host !== undefined && !host.ok) outcomes.push(refused(row, host.problems));
    });
  }
  return outcomes;
}

function wishOf({ name, url, environment, tags }: ImportRow) {
  return { name, url, tags, ...(environment === null ? {} : { environment }) };
}

function credentialsOf({ username, password }: ImportRow): Credentials | null {
  return username === null ? null : { username, password: password ?? '' };
}

function refused(row: ImportRow, problems: readonly Problem[]): ImportedRow {
  const known = problems.find(({ says }) => says.startsWith('is registered already'));
  if (known !== undefined) return outcome(row, 'known', known.says);
  const says = problems.map(({ where, says, hint }) => `${where}: ${says}${hint ? `. ${hint}` : ''}`);
  return outcome(row, 'refused', says.join('; '));
}

function outcome(row: ImportRow, result: ImportedRow['result'], says: string): ImportedRow {
  const { line, name, url, environment, username } = row;
  return { line, name, url, environment, hasCredentials: username !== null, result, says };
}
