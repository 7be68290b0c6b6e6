import { describe, expect, test } from 'vitest';
import { guessFormat, readHostList } from '../../src/import/formats.ts';

const read = (text: string) => {
  const bytes = Buffer.from(text);
  const format = guessFormat(bytes);
  return { format, ...readHostList(bytes, format) };
};
const brief = ({ rows }: ReturnType<typeof read>) =>
  rows.map(({ line, name, url, username, password, environment }) => [
    line,
    name,
    url,
    username,
    password,
    environment,
  ]);

describe('cesi', () => {
  const FILE = `# the tool's own part comes first
[cesi]
host = "localhost"
port = "5000"
admin_password = "unused"

[[nodes]]
name = "billing"
environment = "prod eu"
username = "ops"
password = 'p"w'
host = "10.1.2.3"
port = "9001"

[[nodes]]
name = "spare"
host = "spare.example.net"
port = 9011

[[nodes]]
name = "broken"
`;

  test('gives its nodes with their credentials and environment, each with its line', () => {
    const list = read(FILE);
    expect(list.format).toBe('cesi');
    expect(brief(list)).toEqual([
      [7, 'billing', 'http://10.1.2.3:9001', 'ops', 'p"w', 'prod-eu'],
      [15, 'spare', 'http://spare.example.net:9011', null, null, null],
    ]);
    expect(list.problems).toEqual([{ where: 'line 20', says: 'this node has no host' }]);
  });

  test('that is no TOML is told with its line', () => {
    const { rows, problems } = read('[cesi]\nname = \n');
    expect(rows).toEqual([]);
    expect(problems[0]?.where).toBe('line 2');
  });
});

describe('supervisord-monitor', () => {
  test('gives the servers of long and short arrays; comments are left out, nothing is run', () => {
    const list = read(`<?php
$config['refresh'] = 10; // every ten seconds
/* $config['supervisor_servers'] = array('ghost' => array('url' => 'http://ghost/RPC2')); */
$config['supervisor_servers'] = array(
    'web 01' => array(
        'url' => 'http://web-01.example.net/RPC2',
        'port' => '9001',
        'username' => 'ops', # who
        'password' => 'it\\'s'
    ),
    'bare' => [ "url" => "10.0.0.9/RPC2", 'port' => 19001 ],
    'proxied' => array('url' => 'https://proxy/sup/a', 'port' => '443'),
    'computed' => array('url' => getenv('URL'), 'port' => '1'),
);
$config['timeout'] = 3;`);
    expect(list.format).toBe('supervisord-monitor');
    expect(brief(list)).toEqual([
      [5, 'web-01', 'http://web-01.example.net:9001', 'ops', "it's", null],
      [11, 'bare', 'http://10.0.0.9:19001', null, null, null],
      [12, 'proxied', 'https://proxy:443/sup/a', null, null, null],
    ]);
    expect(list.problems).toEqual([{ where: 'line 13', says: '"computed" has no url' }]);
  });

  test('a comma left out is said and read over', () => {
    const { rows, problems } = read(
      "<?php $config['supervisor_servers'] = array('a' => array(\n'url' => 'http://a/RPC2', 'port' => '9001'\n'username' => 'u'));",
    );
    expect(rows[0]).toMatchObject({ name: 'a', username: 'u' });
    expect(problems).toEqual([{ where: 'line 3', says: 'a comma is missing before this' }]);
  });

  test.each([
    '<?php',
    "<?php $config['supervisor_servers'] = array('a' => array('url' =>",
    '<?php $config["x"]',
  ])('a file cut off does no harm: %s', (text) => {
    expect(read(text).problems.length).toBeGreaterThan(0);
  });
});

describe('multivisor', () => {
  test("gives supervisord's assumed port in place of multivisor's own, and says so", () => {
    const list = read(`[global]
name=ACME

[supervisor:north]
# nothing given

[supervisor:south]
url=:9011
[supervisor:east]
url = east.example.net ; its listener
username=ops
password=secret
`);
    expect(list.format).toBe('multivisor');
    expect(brief(list)).toEqual([
      [4, 'north', 'http://north:9001', null, null, null],
      [7, 'south', 'http://south:9001', null, null, null],
      [9, 'east', 'http://east.example.net:9001', 'ops', 'secret', null],
    ]);
    expect(list.rows[1]?.remark).toBe("port 9011 is multivisor's own: supervisord is assumed at 9001");
  });
});

describe('nodervisor', () => {
  test('gives the hosts of an SQL dump; credentials are taken out of the address', () => {
    const list = read(`PRAGMA foreign_keys=OFF;
CREATE TABLE \`groups\` (idGroup integer primary key, Name varchar(255));
INSERT INTO "groups" VALUES(1,'Prod; really');
-- INSERT INTO hosts VALUES(9,1,'no','http://no');
INSERT INTO hosts VALUES(1,1,'web','http://ops:p%40ss@10.0.0.1:9001');
INSERT INTO \`hosts\` (\`idHost\`, \`Url\`, \`Name\`, \`idGroup\`) VALUES
(2,'http://10.0.0.2:9001/RPC2','it''s, two',NULL),
(3,'http://x');
COMMIT;`);
    expect(list.format).toBe('nodervisor-sql');
    expect(brief(list)).toEqual([
      [5, 'web', 'http://10.0.0.1:9001', 'ops', 'p@ss', 'Prod-really'],
      [7, 'it-s-two', 'http://10.0.0.2:9001/RPC2', null, null, null],
    ]);
    expect(list.problems).toEqual([{ where: 'line 8', says: '2 values for 4 columns of hosts' }]);
  });

  test('gives the hosts of its SQLite file, and says when it is none', async () => {
    const { default: Sqlite } = await import('better-sqlite3');
    const db = new Sqlite(':memory:');
    db.exec(`create table groups (idGroup integer primary key, Name text);
      create table hosts (idHost integer primary key, idGroup integer, Name text, Url text);
      insert into groups values (4, 'stage');
      insert into hosts values (1, 4, 'db', 'http://u:p@db:9001'), (2, null, 'x', 'http://x:9001');`);
    const bytes = db.serialize();
    db.close();
    expect(guessFormat(bytes)).toBe('nodervisor');
    const list = readHostList(bytes, 'nodervisor');
    expect(brief({ format: 'nodervisor', ...list })).toEqual([
      [null, 'db', 'http://db:9001', 'u', 'p', 'stage'],
      [null, 'x', 'http://x:9001', null, null, null],
    ]);
    expect(readHostList(bytes.subarray(0, 700), 'nodervisor').problems).toHaveLength(1);
    expect(readHostList(Buffer.from('no database at all'), 'nodervisor').problems).toHaveLength(1);
  });
});

test('a section that is not closed, an empty file and one that is no text are said to be so', () => {
  const cut = read('[supervisor:a]\nurl=a:9002\n[supervisor:b\nurl=b:9002\n');
  expect(cut.rows.map(({ name }) => name)).toEqual(['a']);
  expect(cut.problems).toMatchObject([{ where: 'line 3', says: 'is a section that is not closed' }]);
  expect(read(' \n').problems).toMatchObject([{ where: 'file', says: 'is empty' }]);
  expect(read('\u0000\u0001\n\u0000').problems).toMatchObject([{ where: 'file', says: 'is no text' }]);
});

describe('a list of addresses', () => {
  test('takes names, comments, ports and sockets as people write them', () => {
    const list = read(`# ours
10.0.0.1
10.0.0.1:9002   # the second one
db http://ops:pw@db.example.net:9001/RPC2
https://tls.example.net
/run/supervisor.sock
a b c
http://
`);
    expect(list.format).toBe('urls');
    expect(brief(list)).toEqual([
      [2, '10.0.0.1', 'http://10.0.0.1:9001', null, null, null],
      [3, '10.0.0.1-9002', 'http://10.0.0.1:9002', null, null, null],
      [4, 'db', 'http://db.example.net:9001/RPC2', 'ops', 'pw', null],
      [5, 'tls.example.net', 'https://tls.example.net', null, null, null],
      [6, 'supervisor', 'unix:///run/supervisor.sock', null, null, null],
    ]);
    expect(list.problems.map(({ where }) => where)).toEqual(['line 7', 'line 8']);
  });
});
