import type { Right } from '../../accounts/rights.ts';
import type { ProblemBody } from '../../api/contract.ts';
import type { MessageKey } from '../messages/en.ts';
import type { NavKey } from '../view/links.ts';
import type { Reader } from '../view/reader.ts';
import type { Values } from '../view/say.ts';
import type { World } from '../view/world.ts';

/**
 * What the console does in a sheet or by a click of its script, as a page with a form for browsers without one: the
 * same calls of the API, and so the same gate and the same audit.
 */
export interface PlainForm {
  /** Who lacks it finds no such form; null: everybody has it. The gate decides. */
  readonly right: Right | null;
  readonly nav: NavKey;
  /** Attributes of the button that opens it: they say of what it is, one word each, the last one any text. */
  readonly of?: readonly string[];
  /** Where one goes who does not send it, and after it was carried out. */
  readonly back: string | ((ask: FormAsk) => string);
  /** What is asked before; null inside: there is no such thing. Left out: the click is enough. */
  page?(ask: FormAsk): Promise<FormPage | null> | FormPage | null;
  /** Throws `NotDone`. Left out: there is nothing to send. */
  send?(ask: FormAsk): Promise<Sent>;
}

export interface FormAsk {
  /** Of what it is, as the button said. */
  readonly of: string;
  /** What was typed; before anything was, what the address says. */
  readonly given: URLSearchParams;
  /** A file that was picked. */
  readonly file: Buffer | null;
  /** The page the click came from, where it is known. */
  readonly from: string;
  /** The hub as the browser reached it. */
  readonly address: string;
  readonly reader: Reader;
  readonly world: World;
  /** One call of the API in the reader's name. Throws `NotDone` with its problem. */
  call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** The version of what is at a path of the API now; empty: it has none. */
  versionOf(path: string): Promise<string>;
}

/** The parts `partials/form-part` knows. */
export type FormPart =
  | 'ack'
  | 'alert-channel'
  | 'alert-rule'
  | 'codes'
  | 'factor-begin'
  | 'factor-drop'
  | 'factor-proof'
  | 'factor-scan'
  | 'host'
  | 'import'
  | 'import-report'
  | 'join'
  | 'join-lines'
  | 'maintenance'
  | 'menu'
  | 'new-host'
  | 'new-host-other'
  | 'once'
  | 'password'
  | 'person'
  | 'refused'
  | 'schedule'
  | 'schedule-preview'
  | 'schedule-run'
  | 'test-steps'
  | 'token'
  | 'view'
  | 'view-list';

export interface FormPage {
  readonly icon: string;
  readonly title: string;
  readonly text?: string;
  /** Left out: the page only shows. */
  readonly button?: string;
  readonly danger?: boolean;
  /** A second thing the form can do, told by the field `also`. */
  readonly also?: { readonly value: string; readonly label: string };
  /** What stands above the form, its fields, and what stands below it. */
  readonly above?: FormPart;
  readonly fields?: FormPart;
  readonly below?: FormPart;
  readonly shape?: 'one' | 'thirds';
  readonly takesFile?: boolean;
  /** Fields that say themselves what is wrong with them. */
  readonly ownFaults?: ReadonlySet<string>;
  /** For the templates. */
  readonly model?: object;
  /** Of what it changes: nothing is changed that somebody else changed meanwhile. */
  readonly version?: string;
  /** Another form than the one that was sent goes on from here. */
  readonly next?: string;
}

/** A line that stands on the page one comes to. */
export interface SaidLine {
  readonly key: MessageKey;
  readonly values?: Values;
  /** A form that takes it back by one click. */
  readonly undo?: { readonly form: string; readonly of: string; readonly label: MessageKey };
}

export type Sent =
  | { readonly kind: 'done'; readonly said: SaidLine; readonly to?: string }
  /** Shown as the answer and never again: secrets, results, a form that goes on. */
  | { readonly kind: 'shown'; readonly page: FormPage };

/** Nothing was done: why, and what mends it. */
export class NotDone extends Error {
  readonly status: number;
  readonly words: { readonly cause: string; readonly mend: string };
  /** What the API said, in the reader's language; null: nobody asked it. */
  readonly problem: ProblemBody | null;

  constructor(
    status: number,
    words: { readonly cause: string; readonly mend: string },
    problem: ProblemBody | null = null,
  ) {
    super(words.cause);
    this.name = 'NotDone';
    this.status = status;
    this.words = words;
    this.problem = problem;
  }
}

/** A field as it was typed, without spaces around it. */
export const field = (given: URLSearchParams, name: string): string => (given.get(name) ?? '').trim();

/** All that was typed but what nobody should read again. */
export function shownAgain(given: URLSearchParams): Readonly<Record<string, string>> {
  const secret = new Set(['password', 'new', 'again', 'code', 'csrf', 'secret']);
  return Object.fromEntries([...given].filter(([name]) => !secret.has(name)));
}

/** The body without what was left empty. */
export function filled<T extends object>(body: T): Partial<T> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== '')) as Partial<T>;
}

export const tagsIn = (given: URLSearchParams): string[] =>
  field(given, 'tags')
    .split(/[\s,#]+/)
    .filter(Boolean);

/** First word, and all that follows it. */
export function firstWord(of: string): [string, string] {
  const at = of.indexOf(' ');
  return at < 0 ? [of, ''] : [of.slice(0, at), of.slice(at + 1)];
}

/** Where one goes who does not send it, and after it was carried out. */
export function backOf({ back }: PlainForm, ask: FormAsk): string {
  return typeof back === 'string' ? back : back(ask);
}
