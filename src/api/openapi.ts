import { z } from 'zod';
import { FAMILIES, familyOf } from './openapi-families.ts';
import {
  ETAG,
  HEADER_TEXTS,
  IF_NONE_MATCH,
  PATH_TEXTS,
  RESPONSE_HEADERS,
  SECURITY_SCHEMES,
} from './openapi-parts.ts';
import { SchemaBook } from './openapi-schemas.ts';
import type {
  DescribedProblem,
  OpenApiContent,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiResponse,
} from './openapi-types.ts';
import { PERMISSIONS } from './permissions.ts';
import { PROBLEM_TEXTS } from './problem-texts.ts';
import { type ApiProblemKind, PROBLEMS } from './problems.ts';
import type { Answer, Route } from './route.ts';
import { mayAnswer } from './route-problems.ts';
import { problemBody } from './words.ts';

/** The API as OpenAPI 3.1 describes it, made from the rows that are mounted and the schemas they read by. */
export function openApi(routes: readonly Route[], version: string, server: string): OpenApiDocument {
  const book = new SchemaBook();
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    const path = templateOf(route.path);
    paths[path] = { ...paths[path], [route.method]: operation(route, book) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fleetvisor',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description: [
        'Everything the console and the CLI do. Every answer is JSON, or a stream of it; every error is',
        'application/problem+json with a stable `type`. Times are epoch milliseconds by the hub’s clock.',
        'Answers may get more members in later versions.',
      ].join(' '),
    },
    servers: [{ url: server }],
    tags: FAMILIES.map(({ name, description }) => ({ name, description })),
    paths,
    components: { securitySchemes: SECURITY_SCHEMES, schemas: { ...book.all(), ...problemShapes(book) } },
    'x-problems': describedProblems(),
  };
}

/** Every way the API says no. */
export function describedProblems(): DescribedProblem[] {
  return (Object.keys(PROBLEMS) as ApiProblemKind[]).map((slug) => {
    const [status, title] = PROBLEMS[slug];
    return { slug, status, title, ...PROBLEM_TEXTS[slug] };
  });
}

function problemShapes(book: SchemaBook) {
  book.answer(problemBody);
  return book.all();
}

/** `/hosts/:id` as `/hosts/{id}`. */
const templateOf = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

function operation(route: Route, book: SchemaBook): OpenApiOperation {
  const name = `${route.method.toUpperCase()} ${route.path}`;
  const problems = mayAnswer(route);
  return {
    operationId: operationId(route),
    summary: route.says,
    ...(route.more === undefined ? {} : { description: route.more }),
    tags: [familyOf(route.path) ?? 'The hub'],
    security: securityOf(route),
    parameters: [
      ...pathParameters(route),
      ...queryParameters(route, book),
      ...headerParameters(route),
      ...conditional(route),
    ],
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body, book) }),
    responses: { ...successes(route, book), ...unchanged(route), ...refusals(problems) },
    'x-right': route.right,
    'x-beyond': PERMISSIONS[name]?.beyond ?? 'own',
    'x-problems': problems,
  };
}

/** `getHostsId`, `postActionsIdCancel`: the same for the same route for ever. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function securityOf({ right, method }: Route): OpenApiOperation['security'] {
  if (right === 'anyone') return [];
  return [{ token: [] }, method === 'get' ? { session: [] } : { session: [], csrf: [] }];
}

function pathParameters({ path }: Route): OpenApiParameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...(PATH_TEXTS[name] === undefined ? {} : { description: PATH_TEXTS[name] }),
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: Route, book: SchemaBook): OpenApiParameter[] {
  if (query === undefined) return [];
  return Object.entries(query.shape).map(([name, member]) => {
    const { description, ...schema } = book.wish(member);
    return {
      name,
      in: 'query',
      required: !member.safeParse(undefined).success,
      ...(typeof description === 'string' ? { description } : {}),
      schema,
    };
  });
}

function headerParameters({ headers = [] }: Route): OpenApiParameter[] {
  return headers.map((name) => ({
    name,
    in: 'header',
    required: false,
    description: HEADER_TEXTS[name],
    schema: { type: 'string' },
  }));
}

/** Whatever is read as JSON can be asked for only when it changed. */
const isConditional = ({ method, answers }: Route): boolean =>
  method === 'get' && answers[200] instanceof z.ZodType;

function conditional(route: Route): OpenApiParameter[] {
  if (!isConditional(route)) return [];
  return [
    {
      name: 'if-none-match',
      in: 'header',
      required: false,
      description: IF_NONE_MATCH,
      schema: { type: 'string' },
    },
  ];
}

function unchanged(route: Route): Record<string, OpenApiResponse> {
  return isConditional(route) ? { 304: { description: SUCCESS[304] ?? '' } } : {};
}

function requestBody(body: z.ZodType, book: SchemaBook): NonNullable<OpenApiOperation['requestBody']> {
  const example = body.meta()?.example;
  const content = { schema: book.wish(body), ...(example === undefined ? {} : { example }) };
  return { required: !body.safeParse({}).success, content: { 'application/json': content } };
}

function successes(route: Route, book: SchemaBook): Record<string, OpenApiResponse> {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, answer]) => [status, success(Number(status), answer, book)]),
  );
}

const SUCCESS: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Begun.',
  204: 'Done; there is nothing to say.',
  304: 'Nothing has changed since the version with this `etag`.',
};

function success(status: number, answer: Answer, book: SchemaBook): OpenApiResponse {
  const description = SUCCESS[status] ?? 'Done.';
  if (answer === 'nothing') return { description };
  if (typeof answer === 'string')
    return { description, content: { [answer]: { schema: { type: 'string' } } } };
  if (answer instanceof z.ZodType)
    return { description, headers: ETAG, content: { 'application/json': { schema: book.answer(answer) } } };
  const each = answer.stream === 'text/event-stream' ? 'The data of each event.' : 'Each line.';
  return { description: each, content: { [answer.stream]: { schema: book.answer(answer.each) } } };
}

/** One answer for each status, telling every problem that has it. */
function refusals(problems: readonly ApiProblemKind[]): Record<string, OpenApiResponse> {
  const content: OpenApiContent = {
    'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemBody' } },
  };
  const byStatus = new Map<number, string[]>();
  for (const kind of problems) {
    const [status, title] = PROBLEMS[kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${kind}\`: ${title}.`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, says]) => {
      const headers = RESPONSE_HEADERS[status];
      return [
        status,
        { description: says.join(' '), ...(headers === undefined ? {} : { headers }), content },
      ];
    }),
  );
}
