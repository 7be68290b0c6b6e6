/** The hub cannot listen as it was told, in one sentence. */
export class ListenProblem extends Error {}
