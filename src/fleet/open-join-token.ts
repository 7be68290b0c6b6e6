/** A token by which agents can still join. What it is, nobody is told again. */
export interface OpenJoinToken {
  readonly id: string;
  readonly usesLeft: number;
  readonly environment: string | null;
  readonly tags: readonly string[];
  readonly by: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}
