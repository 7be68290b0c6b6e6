import { describe, expect, test } from 'vitest';
import {
  decodeCall,
  decodeResponse,
  encodeCall,
  encodeFault,
  encodeResponse,
  MalformedXmlRpc,
} from '../../agent/src/xmlrpc/index.ts';

const bytes = (text: string) => Buffer.from(text);
const callOf = (value: string) =>
  bytes(`<methodCall><methodName>m</methodName><params><param>${value}</param></params></methodCall>`);
const replyOf = (value: string) =>
  bytes(`<methodResponse><params><param>${value}</param></params></methodResponse>`);
const paramOf = (value: string) => decodeCall(callOf(value)).params[0];
const resultOf = (value: string) => {
  const reply = decodeResponse(replyOf(value));
  return reply.kind === 'value' ? reply.value : reply;
};

describe('writing', () => {
  test("RPC-010 a reply has the bytes of Python's", () => {
    expect(encodeResponse({ a: 1, b: [true, 1.5, 'x<>&'], c: {}, d: [] }).toString()).toBe(
      "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><struct>\n<member>\n<name>a</name>\n<value><int>1</int></value>\n</member>\n<member>\n<name>b</name>\n<value><array><data>\n<value><boolean>1</boolean></value>\n<value><double>1.5</double></value>\n<value><string>x&lt;&gt;&amp;</string></value>\n</data></array></value>\n</member>\n<member>\n<name>c</name>\n<value><struct>\n</struct></value>\n</member>\n<member>\n<name>d</name>\n<value><array><data>\n</data></array></value>\n</member>\n</struct></value>\n</param>\n</params>\n</methodResponse>\n",
    );
    expect(encodeFault({ faultCode: 10, faultString: 'BAD' }).toString()).toBe(
      "<?xml version='1.0'?>\n<methodResponse>\n<fault>\n<value><struct>\n<member>\n<name>faultCode</name>\n<value><int>10</int></value>\n</member>\n<member>\n<name>faultString</name>\n<value><string>BAD</string></value>\n</member>\n</struct></value>\n</fault>\n</methodResponse>\n",
    );
    expect(encodeCall('m.n', [1]).toString()).toBe(
      "<?xml version='1.0'?>\n<methodCall>\n<methodName>m.n</methodName>\n<params>\n<param>\n<value><int>1</int></value>\n</param>\n</params>\n</methodCall>\n",
    );
  });

  test('texts of any size come out whole and in order, also around the size of the desk', () => {
    for (const size of [0, 1, 16_383, 16_384, 40_000, 43_690, 43_691, 131_072, 131_073, 400_000]) {
      const value = ['é'.repeat(size), 'x'.repeat(size), '\u{1f600}'.repeat(size), 'y'];
      expect(decodeResponse(encodeResponse(value))).toEqual({ kind: 'value', value });
    }
  });

  test('A30 RPC-167 what XML forbids becomes U+FFFD, tabs and line ends stay', () => {
    const text = encodeResponse('a\u0000\u001b[31m\t\r\n\uffff\ud800b').toString();
    expect(text).toContain('<string>a\ufffd\ufffd[31m\t\r\n\ufffd\ufffdb</string>');
  });

  test('large numbers are ints, what has no form is a bug', () => {
    expect(encodeResponse(4_294_967_296).toString()).toContain('<int>4294967296</int>');
    for (const value of [undefined, 1n, () => 1, Number.NaN, Infinity])
      expect(() => encodeResponse(value)).toThrow(TypeError);
  });
});

describe('reading a call', () => {
  test('RPC-008 types', () => {
    expect(paramOf('<value><int> 7 </int></value>')).toBe(7);
    expect(paramOf('<value><i4>-7</i4></value>')).toBe(-7);
    expect(paramOf('<value><boolean>1</boolean></value>')).toBe(true);
    expect(paramOf('<value><boolean>true</boolean></value>')).toBe(false);
    expect(paramOf('<value><double>-1.5e3</double></value>')).toBe(-1500);
    expect(paramOf('<value> text </value>')).toBe(' text ');
    expect(paramOf('<value></value>')).toBe('');
    expect(paramOf('<value/>')).toBe('');
    expect(paramOf('<value><string/></value>')).toBe('');
    expect(paramOf('<value><nil/></value>')).toBeNull();
    expect(paramOf('<value><i8>7</i8></value>')).toBe('7');
    expect(paramOf('<value>\n <base64>\neA==\n</base64>\n</value>')).toBe('x');
    expect(paramOf('<value><array><data/></array></value>')).toEqual([]);
  });

  test('entities, references, CDATA and comments make text; there is no other entity', () => {
    expect(paramOf('<value>&lt;&#65;&#x42;&amp;&quot;<![CDATA[<&>]]><!-- no -->.</value>')).toBe('<AB&"<&>.');
    for (const text of ['&nope;', '&', '&#27;', '&#xD800;', '&#0;', '\u001b']) {
      expect(() => paramOf(`<value>${text}</value>`)).toThrow(MalformedXmlRpc);
    }
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>';
    expect(() => decodeCall(Buffer.concat([bytes(bomb), callOf('<value>&a;</value>')]))).toThrow(
      MalformedXmlRpc,
    );
  });

  test('a call may have white space, attributes and a prolog, and no params', () => {
    const text =
      '\ufeff<?xml version="1.0"?>\n<!-- hi -->\n<methodCall a="b>c">\n<methodName>a.b</methodName>\n</methodCall>\n<!-- bye -->\n';
    expect(decodeCall(bytes(text))).toEqual({ method: 'a.b', params: [] });
    expect(
      decodeCall(bytes('<methodCall><methodName>a.b</methodName><params/></methodCall>')).params,
    ).toEqual([]);
  });

  test('member names mean nothing', () => {
    const members = ['__proto__', 'constructor', 'a'].map(
      (name) => `<member><name>${name}</name><value>x</value></member>`,
    );
    const struct = paramOf(`<value><struct>${members.join('')}</struct></value>`) as Record<string, unknown>;
    expect(Object.keys(struct)).toEqual(['__proto__', 'constructor', 'a']);
    expect(Object.getPrototypeOf(Object.getPrototypeOf(struct))).toBeNull();
    expect('toString' in struct).toBe(false);
  });

  test('limits: size, depth, number of values', () => {
    const nested = (depth: number) =>
      `${'<value><array><data>'.repeat(depth)}<value/>${'</data></array></value>'.repeat(depth)}`;
    expect(paramOf(nested(32))).toBeInstanceOf(Array);
    expect(() => paramOf(nested(33))).toThrow('nested too deep');
    expect(() => paramOf(nested(20_000))).toThrow('nested too deep');
    expect(() => paramOf(`<value><array><data>${'<value/>'.repeat(60_000)}</data></array></value>`)).toThrow(
      'too many',
    );
    expect(() => paramOf(`<value>${'x'.repeat(3_000_000)}</value>`)).toThrow('too large');
  });

  test('what is not well-formed is malformed', () => {
    const broken = [
      '',
      '<',
      '<value>',
      '<value></valu>',
      '<value><int>x</int></value>',
      '<value><int></int></value>',
    ];
    broken.push(
      '<value><what>1</what></value>',
      '<value>a<int>1</int></value>',
      '<value></int>5</int></value>',
    );
    broken.push(
      '<value><struct><member><value/></member></struct></value>',
      '<value><array><value/></array></value>',
    );
    broken.push(
      '<value><double>nan</double></value>',
      '<value><int>99999999999999999999</int></value>',
      '<value/>x',
    );
    for (const value of broken) expect(() => paramOf(value), value).toThrow(MalformedXmlRpc);
    for (const text of [
      '',
      'hello',
      '<methodCall/>',
      '<methodCall><methodName/></methodCall>',
      `${callOf('<value/>')}<more/>`,
    ]) {
      expect(() => decodeCall(bytes(text)), text).toThrow(MalformedXmlRpc);
    }
    expect(() => decodeCall(Buffer.from([0x3c, 0xff]))).toThrow('not UTF-8');
  });
});

describe('reading a reply', () => {
  test('what stock servers send is tolerated: control characters, bare ampersands, cut UTF-8, i8, CR', () => {
    expect(resultOf('<value><string>\u001b[31m\u0000 a & b\r\n</string></value>')).toBe(
      '\u001b[31m\u0000 a & b\r\n',
    );
    expect(resultOf('<value><i8>8589934592</i8></value>')).toBe(8_589_934_592);
    const cut = Buffer.concat([
      bytes('<methodResponse><params><param><value>a'),
      Buffer.from([0xc3]),
      bytes('</value></param></params></methodResponse>'),
    ]);
    expect(decodeResponse(cut)).toEqual({ kind: 'value', value: 'a\ufffd' });
  });

  test('a fault is an answer', () => {
    expect(decodeResponse(encodeFault({ faultCode: 70, faultString: 'NOT_RUNNING: a' }))).toEqual({
      kind: 'fault',
      faultCode: 70,
      faultString: 'NOT_RUNNING: a',
    });
    expect(() =>
      decodeResponse(bytes('<methodResponse><fault><value>x</value></fault></methodResponse>')),
    ).toThrow('no faultCode');
    expect(() => decodeResponse(bytes('<html><body>login</body></html>'))).toThrow(MalformedXmlRpc);
  });

  test('what was written is read back', () => {
    const value = {
      list: [1, -2, 1.5, true, false, 'grüße 日本 😀', '', null, { 'a&b': [] }],
      'a&b': 'x',
      name: { 'a&b': 1 },
    };
    expect(decodeResponse(encodeResponse([value, value]))).toEqual({ kind: 'value', value: [value, value] });
  });
});
