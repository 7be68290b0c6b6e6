/** The agent's own version, as in its package. */
export const AGENT_VERSION = '0.1.0';
