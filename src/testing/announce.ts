import { CHROMIUM } from './browser.ts';
import { hasSharedModels, SHARED } from './onnx.ts';

/** Runs once before all tests. What they leave out is told here, not by each file that leaves something out. */
export default function announce(): void {
  if (!hasSharedModels) {
    process.stderr.write(`Tests on real models and images are skipped: ${SHARED} is missing (set GIMBAL_SHARED).\n`);
  }
  if (CHROMIUM === undefined) {
    process.stderr.write('Tests of the page are skipped: there is no Chromium (set GIMBAL_CHROMIUM).\n');
  }
}
