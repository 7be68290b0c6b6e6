import type { HubConfig } from '../config.ts';
import { installLine, onlyHere } from '../fleet/install-line.ts';
import { agentBundle, installFolder } from '../install/bundle.ts';
import { issueJoinToken, JOIN_TOKEN_OPTIONS } from './join-token.ts';
import { type HubVerb, option } from './verb.ts';

const URL_TEXT = /^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/;

export const installLineVerb: HubVerb = {
  name: 'install-line',
  usage:
    'install-line [--url https://hub.example.net] [--uses N] [--ttl 1h] [--env NAME] [--tag NAME]… [--json]',
  help: 'make a join token and print the line that installs the agent on a host with it',
  options: ['--url', ...JOIN_TOKEN_OPTIONS],
  switches: ['--json'],
  run(args, at) {
    const url = option(args, '--url') ?? configuredAddress(at.config);
    const bundle = agentBundle(installFolder());
    if (!URL_TEXT.test(url)) at.problem('--url: the hub as hosts reach it, as in https://hub.example.net');
    else if (bundle === null) at.problem('this hub was built without the agent: run "npm run build"');
    const made = URL_TEXT.test(url) && bundle !== null ? issueJoinToken(args, at) : null;
    if (made === null || bundle === null) return 2;
    const line = installLine(url, made.token);
    const { version, sha256 } = bundle;
    if (args.switches.has('--json')) at.out(JSON.stringify({ line, ...made, version, sha256 }));
    else {
      const note = onlyHere(url);
      const notes = note === null ? [] : [`# ${note}: --url https://hub.example.net`];
      [line, `# agent ${version}, SHA-256 ${sha256}`, ...notes].forEach(at.out);
    }
    return 0;
  },
};

/** As far as the configuration tells: behind a proxy, or listening on all addresses, only `--url` knows. */
function configuredAddress({ host, port, tls, basePath, publicUrl }: HubConfig): string {
  if (publicUrl !== null) return `${publicUrl}${basePath}`;
  if (host === '0.0.0.0' || host === '::') return '';
  return `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}${basePath}`;
}
