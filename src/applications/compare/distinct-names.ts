import type { RunSide } from '../../evaluation/run-difference.ts';

/** Short names by which runs are told apart: those of their models, else of their folders, else the whole paths. */
export function distinctNames(runs: readonly Pick<RunSide, 'model' | 'folder'>[]): string[] {
  const forms: ((run: Pick<RunSide, 'model' | 'folder'>) => string)[] = [
    ({ model }) => model.replace(/\.onnx$/i, ''),
    ({ folder }) => folder.split(/[\\/]/).filter(Boolean).at(-1) ?? folder,
    ({ folder }) => folder,
  ];
  const names = forms.map((form) => runs.map(form));
  return names.find((list) => new Set(list).size === list.length) ?? names[names.length - 1];
}
