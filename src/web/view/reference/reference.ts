import type {
  DescribedProblem,
  JsonSchema,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiResponse,
} from '../../../api/contract.ts';
import { curlText } from './curl-text.ts';
import { type MemberRow, membersOf } from './members.ts';
import { schemaOf, type TypePart, typeParts } from './type-text.ts';

export interface ReferenceModel {
  readonly version: string;
  /** What was searched for; empty: nothing. */
  readonly text: string;
  readonly found: number;
  readonly families: readonly FamilyModel[];
  /** Left out while something is searched for. */
  readonly shapes: readonly ShapeModel[];
  readonly problems: readonly DescribedProblem[];
}

interface FamilyModel {
  readonly id: string;
  readonly name: string;
  readonly says: string;
  readonly routes: readonly RouteModel[];
}

interface RouteModel {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly says: string;
  readonly more: string;
  readonly right: string;
  readonly open: boolean;
  readonly beyond: string;
  readonly parameters: readonly (MemberRow & { readonly place: string })[];
  readonly body: { readonly type: readonly TypePart[]; readonly members: readonly MemberRow[] } | null;
  readonly answers: readonly AnswerModel[];
  readonly problems: readonly DescribedProblem[];
  readonly curl: string;
}

interface AnswerModel {
  readonly status: string;
  readonly says: string;
  readonly media: string;
  readonly type: readonly TypePart[];
  readonly members: readonly MemberRow[];
}

interface ShapeModel {
  readonly id: string;
  readonly name: string;
  readonly says: string;
  readonly type: readonly TypePart[];
  readonly members: readonly MemberRow[];
}

/** What a text finds in the reference; empty: all of it. */
export type Reference = (text: string) => ReferenceModel;

/** The reference as a page shows it, put together once; with a text only the routes that hold all of its words. */
export function referenceOf(document: OpenApiDocument): Reference {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const family = operation.tags[0] ?? '';
      const route = routeModel(path, method, operation, document);
      return { family, route, searched: `${family} ${searched(route)}`.toLowerCase() };
    }),
  );
  const shapes = shapesOf(document);
  return (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter((one) => words.every((word) => one.searched.includes(word)));
    const families = document.tags.map(({ name, description }) => ({
      id: `family-${name.toLowerCase().replace(/\W+/g, '-')}`,
      name,
      says: description,
      routes: found.filter(({ family }) => family === name).map(({ route }) => route),
    }));
    return {
      version: document.info.version,
      text,
      found: found.length,
      families: families.filter(({ routes }) => routes.length > 0),
      shapes: words.length > 0 ? [] : shapes,
      problems: words.length > 0 ? [] : document['x-problems'],
    };
  };
}

function searched({ method, path, says, more, right, parameters, problems }: RouteModel): string {
  const names = [...parameters.map(({ name }) => name), ...problems.map(({ slug }) => slug)];
  return [method, path, says, more, right, ...names].join(' ');
}

function routeModel(
  path: string,
  method: string,
  operation: OpenApiOperation,
  document: OpenApiDocument,
): RouteModel {
  const wish = operation.requestBody?.content['application/json'];
  const kinds = new Set(operation['x-problems']);
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    says: operation.summary,
    more: operation.description ?? '',
    right: operation['x-right'],
    open: operation.security.length === 0,
    beyond: operation['x-beyond'],
    parameters: operation.parameters.map(parameterRow),
    body: wish === undefined ? null : { type: typeParts(wish.schema), members: membersOf(wish.schema) },
    answers: Object.entries(operation.responses)
      .filter(([status]) => Number(status) < 400)
      .map(([status, response]) => answerModel(status, response)),
    problems: document['x-problems'].filter(({ slug }) => kinds.has(slug)),
    curl: curlText(method, path, operation),
  };
}

function parameterRow({ name, in: place, required, description = '', schema }: OpenApiParameter) {
  const otherwise = schema.default === undefined ? undefined : JSON.stringify(schema.default);
  return { name, place, required, says: description, type: typeParts(schema), otherwise, members: [] };
}

function answerModel(status: string, { description, content = {} }: OpenApiResponse): AnswerModel {
  const [media = '', told] = Object.entries(content)[0] ?? [];
  const schema: JsonSchema | null = told?.schema ?? null;
  return {
    status,
    says: description,
    media,
    type: schema === null || (!media.includes('json') && !media.includes('event')) ? [] : typeParts(schema),
    members: schema === null ? [] : membersOf(schema),
  };
}

function shapesOf({ components }: OpenApiDocument): ShapeModel[] {
  return Object.entries(components.schemas).map(([name, told]) => {
    const schema = schemaOf(told);
    const members = membersOf(schema);
    return {
      id: `shape-${name}`,
      name,
      says: typeof schema.description === 'string' ? schema.description : '',
      type: members.length > 0 ? [] : typeParts(schema),
      members,
    };
  });
}
