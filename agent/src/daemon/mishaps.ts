/** Errors that nobody catches. */
export interface Mishaps {
  /** What `begun` gives; rejects with the error that breaks it while no mishap is survived. */
  orMishap<T>(begun: Promise<T>): Promise<T>;
  /** The daemon is on its own: an error costs a line in the log, and no child. */
  surviveFromNow(): void;
  /** Nothing runs any more: who would go on now would be alive, and deaf to every signal. */
  endWithNext(): void;
}

/** Tells of every error that nobody caught, for the life of the process. At first the next one ends it. */
export function heedMishaps(tell: (error: unknown) => void): Mishaps {
  let broke: (error: unknown) => void = () => {};
  const next = new Promise<never>((_, reject) => {
    broke = reject;
  });
  let survives = false;
  process.on('uncaughtException', (error) => {
    if (survives) tell(error);
    else broke(error);
  });
  return {
    orMishap: (begun) => Promise.race([begun, next]),
    surviveFromNow: () => {
      survives = true;
    },
    endWithNext: () => {
      survives = false;
    },
  };
}
