/** What to say of a line that only the hub's own machine can use; null for an address that others may reach. */
export function onlyHere(hubUrl: string): string | null {
  const { hostname } = new URL(hubUrl);
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
    ? `${hostname} is the machine itself: on other machines write the address by which they reach the hub`
    : null;
}

/**
 * What an administrator pastes on a host to install the agent and join it to this hub.
 * `hubUrl` is the hub as that host reaches it, with the base path; a token is plain letters, digits, `_` and `-`.
 */
export function installLine(hubUrl: string, token: string): string {
  return `curl -fsSL ${hubUrl.replace(/\/$/, '')}/install | sudo sh -s -- --token ${token}`;
}
