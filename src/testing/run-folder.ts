import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const TRIED = { worst: [0, 0, 0], loss: 0, predicted: 0, tried: 1, exhaustive: 1 };

/** What a run of which only the verdicts matter is to be like. */
export interface VerdictRun {
  /** By attack: `1` is right under it, `0` wrong; a space is an image that the run does not hold. */
  readonly verdicts: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly fingerprint?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Labels in turn. Default: one class. */
  readonly classes?: number;
}

/** Writes the folder of an unfinished evaluation. */
export async function writeRun(
  directory: string,
  { verdicts, model = 'model.onnx', fingerprint = 'f1', options = {}, classes = 1 }: VerdictRun,
): Promise<void> {
  await mkdir(directory);
  const config = {
    versions: { gimbal: '1' },
    commit: null,
    command: 'gimbal evaluate',
    model: { name: model, sha256: 'a1' },
    data: { name: 'test images', fingerprint },
    options: { rotation: 30, ...options },
    ...('vote' in options ? { vote: { ends: 'when settled' } } : {}),
  };
  await writeFile(join(directory, 'config.json'), JSON.stringify(config));
  const [[, first]] = Object.entries(verdicts);
  const lines = Array.from(first, (verdict, index) => {
    if (verdict === ' ') return '';
    const attacks = Object.entries(verdicts).map(([attack, all]) => [attack, { ...TRIED, robust: all[index] === '1' }]);
    const record = { index, label: index % classes, prediction: 0, attacks: Object.fromEntries(attacks) as object };
    return `${JSON.stringify(record)}\n`;
  });
  await writeFile(join(directory, 'images.jsonl'), lines.join(''));
}
