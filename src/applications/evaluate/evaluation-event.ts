import type { DownloadProgress } from '../../data/open-options.ts';
import type { ProgressEvent } from '../../evaluation/progress.ts';

/** What an evaluation tells its listeners. */
export type EvaluationEvent =
  | { readonly kind: 'download'; readonly progress: DownloadProgress }
  /** A sentence on how the data are read; a sentence of what to beware of. */
  | { readonly kind: 'note' | 'warning'; readonly text: string }
  | { readonly kind: 'progress'; readonly progress: ProgressEvent }
  /** The figures and pictures of the report are being made, which may take more evaluations. */
  | { readonly kind: 'report' }
  /** The run was asked to stop, and what it did so far is kept in its folder. */
  | {
      readonly kind: 'stopped';
      readonly done: number;
      readonly total: number;
      readonly folder: string;
      readonly command: string;
    };
