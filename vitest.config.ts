import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

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

/** Browsers want cores, and daemons wait: each kind of test is spread over the whole run, its largest files first. */
class Mixed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const names = [...new Set(sorted.map(({ project }) => project.name))];
    const placed = names.flatMap((name) => {
      const kind = sorted.filter(({ project }) => project.name === name);
      return kind.map((file, n) => ({ file, at: (n + 0.5) / kind.length }));
    });
    return placed.sort((a, b) => a.at - b.at).map(({ file }) => file);
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: Mixed },
    passWithNoTests: false,
    // Most tests wait for processes, not for a core.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      project('unit', 30_000, { isolate: false }),
      project('contract', 60_000, { maxConcurrency: 10 }),
      project('integration', 60_000, { maxConcurrency: 4 }),
      ...(process.env.FAULTS ? [project('faults', 180_000, { fileParallelism: false })] : []),
      project('e2e', 120_000),
    ],
  },
});
