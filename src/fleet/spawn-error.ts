/** supervisord's words for an end it did not expect: no more than the exit status, and -1 for every signal. */
export const tellsOnlyStatus = (spawnError: string): boolean => /^Bad exit code /.test(spawnError);
