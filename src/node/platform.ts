import { createRequire } from 'node:module';
import type * as linkedom from 'linkedom';
import type { Platform } from '../applications/platform.ts';
import type { FigureDocument } from '../figures/document.ts';
import { openSource } from './data/open.ts';
import { nodeFiles } from './files.ts';
import { nodeFolders } from './folders.ts';
import { nodeClock } from './machine/clock.ts';
import { nodeMachine } from './machine/this-machine.ts';
import { encodeThumbnail } from './report/thumbnail.ts';
import { readLosses, readRecords } from './run-folder/read-records.ts';
import { openRunFolder } from './run-folder/run-folder.ts';
import { standingOf } from './run-folder/standing.ts';
import { loadModelFile, readModelFile, readSidecar } from './runtime/open.ts';
import { nodeRuntime } from './runtime/runtime.ts';
import { modelPath, shippedModels } from './runtime/shipped-models.ts';
import { startClassifier } from './runtime/start.ts';
import { folderStore } from './training/folder-store.ts';

/** Loaded with the first figure: it takes a fifth of a second, which most commands that fail or draw nothing spare. */
function emptyDocument(): FigureDocument {
  const { parseHTML } = createRequire(import.meta.url)('linkedom') as typeof linkedom;
  return (parseHTML('<!doctype html><html></html>') as unknown as { readonly document: FigureDocument }).document;
}

/** Node, as the applications are handed it. */
export const nodePlatform: Platform = {
  files: nodeFiles,
  folders: nodeFolders,
  machine: nodeMachine,
  clock: nodeClock,
  models: {
    shipped: shippedModels,
    locate: modelPath,
    load: loadModelFile,
    read: readModelFile,
    hints: readSidecar,
    start: startClassifier,
  },
  images: { open: openSource, encode: encodeThumbnail },
  runtime: nodeRuntime,
  runs: { open: openRunFolder, records: readRecords, losses: readLosses, standing: standingOf },
  trainingStore: folderStore,
  figures: emptyDocument,
};
