/** Sentences of the API that the console shows: as it says them, and in Chinese; `$1` takes what stood there. */
export type Phrases = readonly (readonly [RegExp, string])[];
