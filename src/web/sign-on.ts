import type { Request, RequestHandler, Response, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Accounts } from '../accounts/accounts.ts';
import type { AuditTrail } from '../accounts/audit-trail.ts';
import { errandCookie, errandIn } from '../accounts/errand-cookie.ts';
import type { Federation, Welcome } from '../accounts/federation.ts';
import type { Oidc, Returned } from '../accounts/oidc.ts';
import type { OidcFailure } from '../accounts/oidc-failure.ts';
import { sessionCookie } from '../accounts/session-cookie.ts';
import type { Assets } from './assets.ts';
import type { MessageKey } from './messages/en.ts';
import { cookiesOf, localPath } from './request.ts';
import { signedInPage, signInPage } from './sign-in-page.ts';

/** Single sign-on, as the pages need it. */
export interface SignOn {
  /** Words on the button. */
  readonly label: string;
  readonly oidc: Pick<Oidc, 'begin' | 'finish'>;
  readonly federation: Pick<Federation, 'welcome'>;
  readonly accounts: Pick<Accounts, 'openSession'>;
  readonly audit: AuditTrail;
  /** The hub's origin as people reach it; null: as each of them asks. */
  readonly publicUrl: string | null;
  readonly sessionLongestMs: number;
  /** Tries a minute from one address. */
  readonly triesAMinute: number;
}

interface At {
  readonly signOn: SignOn;
  readonly basePath: string;
  readonly assets: Assets;
}

type Failure = OidcFailure | Exclude<Welcome, { kind: 'welcome' }>;

const BEGIN = '/sign-in/oidc';
const RETURN = '/sign-in/oidc/callback';

/** The way to the provider and back. */
export function signOnPages(router: Router, at: At): void {
  const limited = rateLimit({
    windowMs: 60_000,
    limit: at.signOn.triesAMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (req, res) => void res.status(429).type('html').send(slowPage(req, at)),
  });
  router.get(
    BEGIN,
    limited,
    answering((req, res) => leave(req, res, at)),
  );
  router.get(
    RETURN,
    limited,
    answering((req, res) => comeBack(req, res, at)),
  );
}

/** It has set `retry-after` already; passwords have a limit of their own. */
function slowPage(req: Request, { signOn, basePath, assets }: At): string {
  const failed = { cause: 'signin.slow', mend: 'signin.slowWait', detail: '' } as const;
  return signInPage(req, { basePath, assets, label: signOn.label, failed });
}

const answering =
  (run: (req: Request, res: Response) => Promise<void>): RequestHandler =>
  (req, res, next) => {
    run(req, res).catch(next);
  };

async function leave(req: Request, res: Response, at: At): Promise<void> {
  const { signOn, basePath } = at;
  const next = localPath(req.query.next);
  const origin = originOf(req);
  // What the browser keeps must be kept where it comes back to. Once only: a proxy may hide the name it used.
  if (signOn.publicUrl !== null && origin !== signOn.publicUrl && req.query.moved === undefined) {
    const query = new URLSearchParams({ next, moved: '1' });
    return void res.redirect(302, `${signOn.publicUrl}${basePath}${BEGIN}?${query}`);
  }
  const begun = await signOn.oidc.begin(`${signOn.publicUrl ?? origin}${basePath}${RETURN}`, next);
  if (begun.kind !== 'begun') return fail(req, res, begun, at);
  res.append('set-cookie', errandCookie(begun.errand, schemeOf(req)));
  res.redirect(302, begun.url);
}

async function comeBack(req: Request, res: Response, at: At): Promise<void> {
  const { signOn, basePath, assets } = at;
  const query = new URL(req.url, 'http://hub').searchParams;
  res.append('set-cookie', errandCookie('', schemeOf(req)));
  const returned = await signOn.oidc.finish(query, errandIn(cookiesOf(req)));
  const welcome = welcomed(returned, signOn);
  if (welcome.kind !== 'welcome') return fail(req, res, welcome, at);
  const { person } = welcome;
  const deed = { what: `GET ${RETURN}`, target: person.name };
  const doer = { actor: person.name, way: 'page', address: req.ip ?? '' };
  const row = signOn.audit.begin(doer, deed);
  const opened = signOn.accounts.openSession(person, doer.address, req.headers['user-agent'] ?? '');
  signOn.audit.end(row, doer, deed, '200 done');
  res.append('set-cookie', sessionCookie(opened.cookie, schemeOf(req), signOn.sessionLongestMs));
  // A page of our own goes on: with a redirect the browser would still be coming from the provider's site, and
  // would not show its new cookie, which is for our own pages alone.
  const next = returned.kind === 'vouched' ? localPath(returned.next) : '/';
  res.type('html').send(signedInPage(req, { basePath, assets, next }));
}

function welcomed(
  returned: Returned,
  { federation }: SignOn,
): Failure | Extract<Welcome, { kind: 'welcome' }> {
  return returned.kind === 'vouched' ? federation.welcome(returned.vouched) : returned;
}

const STATUS: Readonly<Record<Failure['kind'], number>> = {
  'not-begun': 400,
  unreachable: 502,
  refused: 403,
  untrue: 403,
  'no-role': 403,
  taken: 403,
  disabled: 403,
  'bad-name': 403,
};

/** The sign-in page with what is wrong: passwords still work. */
function fail(req: Request, res: Response, failure: Failure, at: At): void {
  const { signOn, basePath, assets } = at;
  const actor = 'name' in failure ? failure.name.slice(0, 200) : '';
  const doer = { actor, way: 'page', address: req.ip ?? '' };
  signOn.audit.refused(doer, { what: `GET ${req.path}`, target: '' }, wordsFor(failure), 'stranger');
  const failed = { cause: `signon.${failure.kind}`, mend: `signon.${failure.kind}.mend` } as const satisfies {
    cause: MessageKey;
    mend: MessageKey;
  };
  const page = signInPage(req, {
    basePath,
    assets,
    label: signOn.label,
    failed: { ...failed, detail: detailOf(failure) },
  });
  res.status(STATUS[failure.kind]).type('html').send(page);
}

const wordsFor = (failure: Failure): string => [failure.kind, detailOf(failure)].filter(Boolean).join(': ');

function detailOf(failure: Failure): string {
  if ('says' in failure) return failure.says;
  if ('name' in failure) return failure.name;
  return 'groups' in failure ? failure.groups.slice(0, 50).join(', ') : '';
}

/** `https://fleet.example.net` as the browser asked. */
function originOf(req: Request): string {
  const address = `${req.protocol}://${req.host ?? ''}`;
  return URL.canParse(address) ? new URL(address).origin : 'http://localhost';
}

const schemeOf = (req: Request): 'https' | 'http' => (req.secure ? 'https' : 'http');
