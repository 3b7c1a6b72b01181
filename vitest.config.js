import { defineConfig } from 'vitest/config';
import { bringUpToDate } from './tools/build.js';

if (!(await bringUpToDate({ checked: true }))) process.exit(1);

// Tests run on the compiled output, so that worker threads and the published code are what is tested;
// snapshots stay beside the sources.
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    globalSetup: 'dist/testing/announce.js',
    setupFiles: 'dist/testing/library-words.js',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What a page shows comes when it comes: no test is about how soon.
    expect: { poll: { timeout: 30_000 } },
    // One more than two cores: many tests wait for processes that they started.
    maxWorkers: 3,
    // Either process runs many files: loading ONNX Runtime and the sources anew for each took a quarter of the time.
    isolate: false,
    resolveSnapshotPath: (path, extension) => path.replace('/dist/', '/src/').replace(/\.js$/, '.ts') + extension,
  },
});
