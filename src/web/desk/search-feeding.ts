import { z } from 'zod';
import { type FeedingSearch, findFeeding } from '../../applications/inspect/find-feeding.ts';
import type { PreparedModel } from '../../model/prepared-model.ts';
import { dataOptions } from '../../options/data-options.ts';
import { readOptions } from '../../options/read-options.ts';
import { webPlatform } from '../library/platform.ts';
import type { WasmFiles } from '../onnxruntime.ts';
import type { LabelledPictures } from './messages.ts';

const schema = z.object(dataOptions);
const DATA = 'the pictures of the page';

/** What `gimbal inspect MODEL --data` finds, on pictures that the page has brought to the model's size. */
export function searchFeeding(
  prepared: PreparedModel,
  wasm: WasmFiles,
  { name, images, labels }: LabelledPictures,
): Promise<FeedingSearch> {
  const { shape } = prepared.description.input;
  const platform = webPlatform({ data: new Map([[DATA, { images, labels, shape, name: DATA }]]), wasm });
  return findFeeding(
    platform,
    prepared,
    name,
    readOptions(schema, [{ values: { data: DATA }, describe: (option) => option }]),
  );
}
