/** Something the hub was told and cannot begin with, in one sentence. */
export class StartProblem extends Error {}
