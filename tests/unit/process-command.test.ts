import { describe, expect, test } from 'vitest';
import type { FileKind } from '../../agent/src/os/os.ts';
import { childEnvironment } from '../../agent/src/process/child-environment.ts';
import { findCommand } from '../../agent/src/process/find-command.ts';
import { FakeOs } from '../support/fake-os.ts';
import { processConfig } from '../support/process-parts.ts';

/** Looks a command up on a machine that has only these files. */
function find(command: string, files: Record<string, FileKind>, environment: Record<string, string> = {}) {
  const os = new FakeOs();
  os.fileKind = (path) => files[path] ?? 'missing';
  os.env = { PATH: '/usr/bin:/bin' };
  return findCommand(processConfig({ command, environment }), os);
}

describe("PROC-019 what is wrong with a command is said in supervisord's words", () => {
  test.each<[string, Record<string, FileKind>, string, string]>([
    ['/x/y', {}, 'no-file', "can't find command '/x/y'"],
    ['nope', {}, 'no-file', "can't find command 'nope'"],
    ['/d', { '/d': 'directory' }, 'not-executable', "command at '/d' is a directory"],
    ['/f', { '/f': 'not-executable' }, 'not-executable', "command at '/f' is not executable"],
    ['/p', { '/p': 'not-permitted' }, 'not-executable', "no permission to run command '/p'"],
    ["it's", {}, 'not-executable', `can't parse command "it's": No closing quotation`],
    ['', {}, 'not-executable', 'command is empty'],
  ])('%s', (command, files, kind, says) => {
    expect(find(command, files)).toEqual({ kind, says });
  });
});

test('PROC-022 PROC-025 a command is split like shell words, and argv[0] stays as written', () => {
  expect(find(`web -a "b c" d\\ e 'f'g $HOME *`, { '/bin/web': 'executable' })).toEqual({
    kind: 'found',
    file: '/bin/web',
    argv: ['web', '-a', 'b c', 'd e', 'fg', '$HOME', '*'],
  });
});

test('PROC-023 PATH search stops at the first file that exists, even when it cannot be run', () => {
  const files: Record<string, FileKind> = { '/usr/bin/web': 'directory', '/bin/web': 'executable' };
  expect(find('web', files)).toEqual({
    kind: 'not-executable',
    says: "command at '/usr/bin/web' is a directory",
  });
});

test('CFG-231 a PATH in the program environment is the one searched', () => {
  const files: Record<string, FileKind> = { '/bin/web': 'executable', '/opt/web': 'executable' };
  expect(find('web', files, { PATH: '/opt' })).toMatchObject({ file: '/opt/web' });
});

test('PROC-023 a command with a slash is used as it is', () => {
  expect(find('./web', { './web': 'executable', '/bin/./web': 'directory' })).toMatchObject({
    file: './web',
  });
});

test('CFG-229 CFG-230 a child finds who it is, and the configuration has the last word', () => {
  const config = processConfig({
    name: 'w1',
    group: 'web',
    serverUrl: 'unix:///s',
    environment: { SUPERVISOR_GROUP_NAME: 'mine', A: '1' },
  });
  expect(childEnvironment(config, { HOME: '/root', A: '0' })).toEqual({
    HOME: '/root',
    A: '1',
    SUPERVISOR_ENABLED: '1',
    SUPERVISOR_SERVER_URL: 'unix:///s',
    SUPERVISOR_PROCESS_NAME: 'w1',
    SUPERVISOR_GROUP_NAME: 'mine',
  });
});

test('CFG-229 without a server there is no SUPERVISOR_SERVER_URL', () => {
  expect(childEnvironment(processConfig(), {})).not.toHaveProperty('SUPERVISOR_SERVER_URL');
});
