import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../agent/src/config/decode-utf8.ts';
import { environmentPairs } from '../../agent/src/config/environment.ts';
import { formatText } from '../../agent/src/config/format-string.ts';
import { editDistance, nearestName } from '../../agent/src/config/nearest-name.ts';
import { byCodePoint, quoted } from '../../agent/src/config/python-text.ts';
import type { Reader } from '../../agent/src/config/reading.ts';
import { splitCommand } from '../../agent/src/config/split-command.ts';
import { signalNumber } from '../../agent/src/config/stop-signal.ts';
import {
  autoRestart,
  byteSize,
  exitCodes,
  inetAddress,
  integer,
  logLevel,
  octal,
  processOrGroupName,
  yesOrNo,
} from '../../agent/src/config/values.ts';

function valueIn<T>(reader: Reader<T>, text: string): T {
  const reading = reader(text);
  if (!reading.ok) throw new Error(reading.fault.says);
  return reading.value;
}

function faultIn<T>(reader: Reader<T>, text: string): string {
  const reading = reader(text);
  if (reading.ok) throw new Error(`${text} is ${JSON.stringify(reading.value)}`);
  return reading.fault.says;
}

describe('words and numbers', () => {
  test('CFG-101 booleans', () => {
    for (const text of ['yes', 'TRUE', 'On', '1']) expect(valueIn(yesOrNo, text)).toBe(true);
    for (const text of ['no', 'False', 'OFF', '0']) expect(valueIn(yesOrNo, text)).toBe(false);
    for (const text of ['maybe', 'y', 't', ''])
      expect(faultIn(yesOrNo, text)).toBe(`not a valid boolean value: '${text}'`);
  });

  test('CFG-102 integers', () => {
    expect(['10', '-5', '+7', '1_000', ' 3 '].map((text) => valueIn(integer, text))).toEqual([
      10, -5, 7, 1000, 3,
    ]);
    for (const text of ['1.5', '', '1__0', '_1', '0x10', 'ten']) {
      expect(faultIn(integer, text)).toBe(`invalid literal for int() with base 10: '${text}'`);
    }
    expect(Number.isSafeInteger(valueIn(integer, '9'.repeat(400)))).toBe(true);
  });

  test('CFG-103 byte sizes', () => {
    expect(['1024', '1KB', '10 kb', '50MB', '2Gb', '-1'].map((text) => valueIn(byteSize, text))).toEqual([
      1024, 1024, 10240, 52428800, 2147483648, -1,
    ]);
    expect(faultIn(byteSize, '50M')).toBe("invalid literal for int() with base 10: '50m'");
    expect(faultIn(byteSize, '1.5MB')).toBe("invalid literal for int() with base 10: '1.5'");
    expect(faultIn(byteSize, '')).toBe("invalid literal for int() with base 10: ''");
  });

  test('CFG-103 a byte size is its number times a power of 1024, in any case and spacing', () => {
    const unit = fc.constantFrom(['', 0], ['kb', 1], ['MB', 2], ['Gb', 3], ['kB', 1]) as fc.Arbitrary<
      [string, number]
    >;
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 20), max: 2 ** 20 }),
        unit,
        fc.constantFrom('', ' '),
        (count, [word, power], gap) => {
          expect(valueIn(byteSize, `${count}${gap}${word}`)).toBe(count * 1024 ** power);
        },
      ),
    );
  });

  test('CFG-103 anything else is refused with a text, never a number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const reading = byteSize(text);
        if (reading.ok) expect(text).toMatch(/^\s*[+-]?\d[\d_]*\s*(?:[kmg]b)?\s*$/i);
        else expect(reading.fault.says).toMatch(/^invalid literal for int\(\)/);
      }),
    );
  });

  test('CFG-104 octal', () => {
    expect(['022', '0o22', '0_22', '777'].map((text) => valueIn(octal, text))).toEqual([18, 18, 18, 511]);
    for (const text of ['9', '', 'zz', '0b1'])
      expect(faultIn(octal, text)).toBe(`${text} can not be converted to an octal type`);
  });

  test('CFG-105 CFG-106 signals', () => {
    expect(
      ['TERM', 'sigusr1', ' hup ', '9', 'SIG_IGN', '0', 'cld'].map((text) => valueIn(signalNumber, text)),
    ).toEqual([15, 10, 1, 9, 1, 0, 17]);
    expect(faultIn(signalNumber, 'FOO')).toBe("value 'FOO' is not a valid signal name");
    expect(faultIn(signalNumber, '99')).toBe("value '99' is not a valid signal number");
  });

  test('CFG-107 exit codes', () => {
    expect(valueIn(exitCodes, '0, 2 ,255')).toEqual([0, 2, 255]);
    expect(valueIn(exitCodes, '')).toEqual([]);
    for (const text of ['0,256', '1,', '-1', 'x'])
      expect(faultIn(exitCodes, text)).toBe(`not a valid list of exit codes: '${text}'`);
  });

  test('CFG-108 autorestart', () => {
    expect(['true', 'OFF', 'Unexpected'].map((text) => valueIn(autoRestart, text))).toEqual([
      'always',
      'never',
      'unexpected',
    ]);
    expect(faultIn(autoRestart, 'Never')).toBe("invalid 'autorestart' value 'never'");
  });

  test('CFG-111 names', () => {
    expect(valueIn(processOrGroupName, ' a.b ')).toBe('a.b');
    expect(faultIn(processOrGroupName, 'x y')).toBe("Invalid name: 'x y' because of character: ' '");
    expect(faultIn(processOrGroupName, 'x/y:z')).toBe("Invalid name: 'x/y:z' because of character: ':'");
  });

  test('CFG-115 log levels', () => {
    expect(valueIn(logLevel, 'BLATHER')).toBe('blather');
    expect(faultIn(logLevel, 'Loud')).toBe("bad logging level name 'Loud'");
  });

  test('CFG-119 CFG-120 inet addresses', () => {
    expect(valueIn(inetAddress, '9001')).toEqual({ host: '', port: 9001 });
    expect(valueIn(inetAddress, '*:9001')).toEqual({ host: '', port: 9001 });
    expect(valueIn(inetAddress, 'HOST:9001')).toEqual({ host: 'host', port: 9001 });
    expect(valueIn(inetAddress, '::1:80')).toEqual({ host: '::1', port: 80 });
    expect(faultIn(inetAddress, 'foo')).toBe("not a valid port number: 'foo' ");
    expect(faultIn(inetAddress, 'a:70000')).toBe('70000 is above upper bound (65535)');
    expect(faultIn(inetAddress, 'a:0')).toBe('0 is below lower bound (1)');
    expect(faultIn(inetAddress, 'a:')).toBe("no port number specified in ''");
  });
});

describe('expansion', () => {
  const names = (name: string) => ({ n: 7, s: 'text', e: '' })[name];
  const formatted = (text: string) => {
    const result = formatText(text, names);
    return result.ok ? result.value : result.fault;
  };

  test('CFG-071 flags, width and precision', () => {
    expect(formatted('%(n)02d|%(n)-3d|%(n)+d|%(n).3d|%(n)5s|%(n)#x|%(n)X')).toBe('07|7  |+7|007|    7|0x7|7');
    expect(formatted('%(s)-6s|%(s)6s|%(s).2s|%(s)r|%(e)s')).toBe("text  |  text|te|'text'|");
    expect(formatted('%(n)5.1f|%(n)e|%(n)g|%(n)c')).toBe('  7.0|7.000000e+00|7|\x07');
  });

  test('CFG-072 a lone % is malformed, %% is one', () => {
    expect(formatted('100%%')).toBe('100%');
    expect(formatted('date +%Y')).toEqual({
      kind: 'malformed',
      says: "unsupported format character 'Y' (0x59) at index 7",
    });
    expect(formatted('%')).toEqual({ kind: 'malformed', says: 'incomplete format' });
    expect(formatted('%(n')).toEqual({ kind: 'malformed', says: 'incomplete format key' });
    expect(formatted('%s')).toMatchObject({ kind: 'malformed' });
    expect(formatted('%5%')).toEqual({
      kind: 'malformed',
      says: "unsupported format character '%' (0x25) at index 2",
    });
    expect(formatted('%(s)d')).toEqual({
      kind: 'malformed',
      says: '%d format: a real number is required, not str',
    });
  });

  test('CFG-073 an unknown name is told by its name', () => {
    expect(formatted('%(no(t)e)s')).toEqual({ kind: 'unknown', name: 'no(t)e' });
  });

  test('CFG-072 text with every % doubled comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(formatted(text.replaceAll('%', '%%'))).toBe(text);
      }),
    );
  });
});

describe('environment=', () => {
  const pairs = (text: string) => valueIn(environmentPairs, text);
  const incomplete = (text: string) => `Unexpected end of key/value pairs in value '${text}'`;

  test('CFG-121 CFG-122 CFG-123 pairs, quotes and free blanks', () => {
    expect(pairs('A=1,B=/a/b.c+d-(e):f,\n  C = "x, y=;#" ,D=\'q\',')).toEqual({
      A: '1',
      B: '/a/b.c+d-(e):f',
      C: 'x, y=;#',
      D: 'q',
    });
  });

  test('CFG-124 the separator is never looked at', () => {
    expect(pairs('A=1;B=2')).toEqual({ A: '1', B: '2' });
    expect(pairs('A=1 x B=2')).toEqual({ A: '1', B: '2' });
    expect(faultIn(environmentPairs, 'A=1 B=2')).toBe(incomplete('A=1 B=2'));
  });

  test('CFG-125 an incomplete triple is refused', () => {
    for (const text of ['A=', 'A=foo@bar', 'A=x=y', 'A=1:B=2', 'A', ','])
      expect(faultIn(environmentPairs, text)).toBe(incomplete(text));
  });

  test('CFG-126 CFG-127 CFG-128 empty values, comments, silent ends', () => {
    expect(pairs('A=""')).toEqual({ A: '' });
    expect(pairs('A=b#c\n,B=1')).toEqual({ A: 'b', B: '1' });
    expect(pairs('A=a b')).toEqual({ A: 'a' });
    expect(pairs('A=http://h:1/p?x=1')).toEqual({ A: 'http://h:1/p', x: '1' });
  });

  test('CFG-130 CFG-131 quoting is POSIX', () => {
    expect(pairs('A="say \\"hi\\"",B="b"c,C="\'x\'",D=a\\b,E="a\\tb","F"=1')).toEqual({
      A: 'say "hi"',
      B: 'bc',
      C: "'x'",
      D: 'ab',
      E: 'a\\tb',
      F: '1',
    });
    expect(faultIn(environmentPairs, 'A="x')).toBe('No closing quotation');
    expect(faultIn(environmentPairs, 'A=x\\')).toBe('No escaped character');
  });

  test('any variables in double quotes with \\ and " escaped are read back', () => {
    const variables = fc.dictionary(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/), fc.string(), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(variables, (wanted) => {
        const text = Object.entries(wanted).map(
          ([key, value]) => `${key}="${value.replace(/[\\"]/g, '\\$&')}"`,
        );
        expect(pairs(text.join(','))).toEqual(wanted);
      }),
    );
  });

  test('no text makes it fail', () => {
    const noise = fc.array(fc.constantFrom('A', '=', ',', '"', "'", '\\', '#', ' ', '\n', '(', '?', 'ß'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(noise, (parts) => void environmentPairs(parts.join(''))),
      { numRuns: 1000 },
    );
  });
});

describe('command words', () => {
  test('PROC-022 quotes and backslash work, nothing else is special', () => {
    expect(valueIn(splitCommand, `/bin/x 'a b' "c \\" d\\e" f\\ g '' $H *.c a|b #x\n h`)).toEqual([
      '/bin/x', 'a b', 'c " d\\e', 'f g', '', '$H', '*.c', 'a|b', '#x', 'h',
    ]); // biome-ignore format: one row
  });

  test('PROC-019 what cannot be split is told in the spawn error', () => {
    expect(faultIn(splitCommand, 'sh -c "a')).toBe("can't parse command 'sh -c \"a': No closing quotation");
    expect(faultIn(splitCommand, 'x \\')).toBe("can't parse command 'x \\\\': No escaped character");
    expect(faultIn(splitCommand, ' \n ')).toBe('command is empty');
  });

  test('words in single quotes come back as they were', () => {
    const words = fc.array(
      fc.string({ unit: 'grapheme' }).filter((word) => !word.includes("'")),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(words, (wanted) => {
        expect(valueIn(splitCommand, wanted.map((word) => `'${word}'`).join(' '))).toEqual(wanted);
      }),
    );
  });
});

describe('texts as supervisord shows them', () => {
  test('quoted', () => {
    expect(quoted("it's\n")).toBe('"it\'s\\n"');
    expect(quoted('a\'b"c\\')).toBe("'a\\'b\"c\\\\'");
    expect(quoted('é☃\u00a0\ufeff\x7f\u{e0001}')).toBe("'é☃\\xa0\\ufeff\\x7f\\U000e0001'");
  });

  test('names sort by code point', () => {
    expect(['\u{1f600}', '\uffee', 'b', 'a10', 'a2', 'B'].sort(byCodePoint)).toEqual([
      'B',
      'a10',
      'a2',
      'b',
      '\uffee',
      '\u{1f600}',
    ]);
  });

  test('CFG-050 bytes that are no UTF-8 are told with their place', () => {
    const decoded = (...bytes: number[]) => {
      const reading = decodeUtf8(Buffer.from([0x61, 0x0a, ...bytes]));
      return reading.ok ? reading.value : reading.fault;
    };
    expect(decoded(0xff)).toEqual({
      says: "'utf-8' codec can't decode byte 0xff in position 2: invalid start byte",
      hint: 'line 2 is not UTF-8; convert the file, for example with iconv',
    });
    expect(decoded(0xc3, 0x28)).toMatchObject({
      says: "'utf-8' codec can't decode byte 0xc3 in position 2: invalid continuation byte",
    });
    expect(decoded(0xe2, 0x82)).toMatchObject({
      says: "'utf-8' codec can't decode bytes in position 2-3: unexpected end of data",
    });
    expect(decoded(0xed, 0xa0, 0x80)).toMatchObject({
      says: expect.stringContaining('invalid continuation byte'),
    });
    expect(decoded(0xef, 0xbf, 0xbd)).toBe('a\n\ufffd');
  });

  test('every text survives encoding and decoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUtf8(Buffer.from(text))).toEqual({ ok: true, value: Buffer.from(text).toString() });
      }),
    );
  });
});

describe('nearest names', () => {
  test('a swap is one edit', () => expect(editDistance('autosatrt', 'autostart')).toBe(1));
  test('the nearest wins, far ones do not count', () => {
    expect(nearestName('stratsecs', ['startsecs', 'stopwaitsecs'])).toBe('startsecs');
    expect(nearestName('colour', ['startsecs', 'stopwaitsecs'])).toBe(null);
  });
  test('a distance is symmetric and zero only for the same text', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
