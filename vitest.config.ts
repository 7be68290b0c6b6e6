import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const shared = { resolve: { conditions: ['source'] }, ssr: { resolve: { conditions: ['source'] } } };
const project = (name: string, testTimeout: number, more = {}) => ({
  ...shared,
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    retry: 0,
    ...more,
  },
});

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Most tests wait for processes, not for a core.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      project('unit', 10_000),
      project('contract', 60_000, { maxConcurrency: 10 }),
      project('integration', 60_000, { maxConcurrency: 4 }),
      ...(process.env.FAULTS ? [project('faults', 180_000, { fileParallelism: false })] : []),
      project('e2e', 120_000),
    ],
  },
});
