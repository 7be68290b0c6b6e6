/**
 * What an administrator pastes on a host to install the agent and join it to this hub.
 * `hubUrl` is the hub as that host reaches it, with the base path; a token is plain letters, digits, `_` and `-`.
 */
export function installLine(hubUrl: string, token: string): string {
  return `curl -fsSL ${hubUrl.replace(/\/$/, '')}/install | sudo sh -s -- --token ${token}`;
}
