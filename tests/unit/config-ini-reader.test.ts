import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IniDocument } from '../../agent/src/config/ini-document.ts';
import { readIni } from '../../agent/src/config/ini-reader.ts';

function read(text: string) {
  const document = new IniDocument();
  const problems = readIni(text, 'x.conf', document);
  const sections = Object.fromEntries(
    [...document.sections].map(([name, { options }]) => [
      name,
      Object.fromEntries([...options].map(([option, { value }]) => [option, value])),
    ]),
  );
  return { document, problems, sections };
}

describe('what a line means', () => {
  test('CFG-053 CFG-054 CFG-055 comments begin a line or follow white space', () => {
    const text = '[a]\n; no\n  # no\nx=1 ; cut\ny=2\t# cut\nz=a;b#c\n';
    expect(read(text).sections).toEqual({ a: { x: '1', y: '2', z: 'a;b#c' } });
  });

  test('CFG-056 quotes do not protect a marker', () => {
    expect(read('[a]\ncommand=sh -c "a ; b"\n').sections.a).toEqual({ command: 'sh -c "a' });
  });

  test('CFG-057 CFG-058 CFG-059 the first = or : separates, names are lower-cased', () => {
    expect(read('[a]\nCommand : a=b \nx = y:z\n').sections.a).toEqual({ command: 'a=b', x: 'y:z' });
  });

  test('CFG-060 CFG-063 deeper lines continue a value, blank ones inside it stay, comments go', () => {
    const text = '[a]\nx=1\n   two\n\n ; gone\n   three # cut\ny=2\n';
    expect(read(text).sections.a).toEqual({ x: '1\ntwo\n\nthree', y: '2' });
  });

  test('CFG-061 an indented header below an option continues it', () => {
    expect(read('[a]\nx=1\n [b]\ny=2\n').sections).toEqual({ a: { x: '1\n[b]', y: '2' } });
  });

  test('CFG-062 options may be indented like the one before', () => {
    expect(read('[a]\n  x=1\n  y=2\n z=3\n').sections.a).toEqual({ x: '1', y: '2', z: '3' });
  });

  test('CFG-065 a header reaches to the last bracket of its line', () => {
    expect(read('[a]b] rest\nx=1\n').sections).toEqual({ 'a]b': { x: '1' } });
  });

  test('CFG-066 sections merge and the last option wins, which is remembered', () => {
    const { sections, document } = read('[a]\nx=1\n[b]\n[a]\nX=2\n');
    expect(sections).toEqual({ a: { x: '2' }, b: {} });
    expect(document.repetitions).toMatchObject([
      { section: 'a', option: 'x', earlier: { line: 2 }, later: { line: 5 } },
    ]);
  });

  test('CFG-067 [DEFAULT] is no section but lends its options to all', () => {
    const { document, sections } = read('[a]\n[DEFAULT]\nd=1\n');
    expect(Object.keys(sections)).toEqual(['a']);
    expect(document.option('a', 'd')?.value).toBe('1');
  });

  test('CFG-070 an empty value is the empty text', () => {
    expect(read('[a]\nx=\n').sections.a).toEqual({ x: '' });
  });

  test.each([['\r\n'], ['\r'], ['\n']])('lines end with %j', (end) => {
    expect(read(['[a]', 'x=1', ' 2', ''].join(end)).sections.a).toEqual({ x: '1\n2' });
  });

  test('white space is what supervisord takes for it', () => {
    expect(read('[a]\nx=\u00a01\u2003\ny=\ufeff2\nz=a\x1c;b\n').sections.a).toEqual({
      x: '1',
      y: '\ufeff2',
      z: 'a',
    });
  });
});

describe('what is wrong', () => {
  test('CFG-051 an option before any header, told once', () => {
    expect(read('\nx=1\ny=2\n[a]\n').problems).toEqual([
      {
        where: 'x.conf:2',
        says: "File contains no section headers.\nfile: 'x.conf', line: 2\n'x=1\\n'",
        hint: expect.any(String),
      },
    ]);
  });

  test('CFG-052 lines that are nothing are all collected in the first text', () => {
    const { problems, sections } = read('[a]\nfoo\nx=1\nit\'s "bad"\n=y\n');
    expect(problems[0]).toMatchObject({
      where: 'x.conf:2',
      says: "Source contains parsing errors: 'x.conf'\n\t[line  2]: 'foo\\n'\n\t[line  4]: 'it\\'s \"bad\"\\n'\n\t[line  5]: '=y\\n'",
    });
    expect(problems.map(({ where }) => where)).toEqual(['x.conf:2', 'x.conf:4', 'x.conf:5']);
    expect(sections.a).toMatchObject({ x: '1' });
  });

  test('CFG-050 a byte order mark hides the first header', () => {
    const [problem] = read('\ufeff[a]\n').problems;
    expect(problem?.says).toContain(
      "File contains no section headers.\nfile: 'x.conf', line: 1\n'\\ufeff[a]\\n'",
    );
    expect(problem?.hint).toContain('byte order mark');
  });
});

describe('whatever is written', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_.]{0,12}$/);
  const value = fc.stringMatching(/^(?:[!-"$-:<-~](?:[ !-"$-:<-~]{0,30}[!-"$-:<-~])?)?$/);
  const section = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9:_-]{0,15}$/).filter((text) => text !== 'DEFAULT');

  test('plain sections and options are read back as they were written', () => {
    const file = fc.dictionary(section, fc.dictionary(name, value, { maxKeys: 6 }), {
      maxKeys: 6,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(file, (wanted) => {
        const text = Object.entries(wanted).map(
          ([header, options]) =>
            `[${header}]\n${Object.entries(options)
              .map(([key, text]) => `${key} = ${text}\n`)
              .join('')}`,
        );
        const { sections, problems } = read(text.join(''));
        expect(problems).toEqual([]);
        expect(sections).toEqual(wanted);
      }),
    );
  });

  test('no text makes the reader fail, and every problem names its line', () => {
    const noise = fc.array(
      fc.constantFrom('[', ']', '=', ':', ';', '#', ' ', '\t', '\n', '\r', '%', 'a', 'é', '\u2028', '"'),
      {
        maxLength: 80,
      },
    );
    fc.assert(
      fc.property(noise, (parts) => {
        const text = parts.join('');
        for (const { where } of read(text).problems) expect(where).toMatch(/^x\.conf:\d+$/);
      }),
      { numRuns: 500 },
    );
  });

  test('cutting a file in two at any line and reading both halves gives the same options', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(section, name, value), { maxLength: 12 }), fc.nat(12), (rows, cut) => {
        const lines = rows.map(([header, key, text]) => `[${header}]\n${key}=${text}\n`);
        const parts = new IniDocument();
        readIni(lines.slice(0, cut).join(''), 'a', parts);
        readIni(lines.slice(cut).join(''), 'b', parts);
        const whole = read(lines.join('')).document;
        const values = (document: IniDocument) =>
          [...document.sections.values()].map((one) => [
            one.name,
            [...one.options].map(([key, { value: text }]) => [key, text]),
          ]);
        expect(values(parts)).toEqual(values(whole));
      }),
    );
  });

  test('a line of a million blanks takes no time to speak of', () => {
    const text = `[a]\nx=1${' '.repeat(1_000_000)}2\n${' '.repeat(1_000_000)}\n`;
    expect(read(text).sections.a?.x).toHaveLength(1_000_002);
  });
});
