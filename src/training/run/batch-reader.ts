import { editImage, type EditOf, readEdited } from '../../data/edit.ts';
import { drawEdit } from '../batches/draw-edit.ts';
import { zoomIn } from '../batches/zoom-in.ts';
import type { Batch } from '../objectives/objective.ts';
import type { Task } from './task.ts';

interface Ahead {
  readonly positions: Uint32Array;
  readonly epoch: number;
  readonly batch: Promise<Batch>;
}

/** Reads a run's batches, some of them before they are asked for: sources that decode in threads go on meanwhile. */
export class BatchReader {
  readonly #task: Pick<Task, 'data' | 'settings' | 'streams'>;
  #ahead: Ahead[] = [];

  constructor(task: Pick<Task, 'data' | 'settings' | 'streams'>) {
    this.#task = task;
  }

  /** @param positions in the data @param epoch from 0 */
  read(positions: Uint32Array, epoch: number): Promise<Batch> {
    const at = this.#ahead.findIndex((one) => isSame(one, positions, epoch));
    if (at < 0) return readBatch(this.#task, positions, epoch);
    const [{ batch }] = this.#ahead.splice(at, 1);
    return batch;
  }

  /** Begins to read what will be asked for next; what was begun before and is not asked for any more is forgotten. */
  begin(batches: readonly { readonly positions: Uint32Array; readonly epoch: number }[]): void {
    this.#ahead = batches.map(({ positions, epoch }) => {
      const known = this.#ahead.find((one) => isSame(one, positions, epoch));
      if (known !== undefined) return known;
      const batch = readBatch(this.#task, positions, epoch);
      // Whoever reads it is told; if nobody does, because the run stops here, it does not matter.
      batch.catch(() => {});
      return { positions, epoch, batch };
    });
  }
}

function isSame(one: Ahead, positions: Uint32Array, epoch: number): boolean {
  return (
    one.epoch === epoch &&
    one.positions.length === positions.length &&
    one.positions.every((position, i) => position === positions[i])
  );
}

/** Images at positions in the data, cut, enlarged, mirrored, shifted and coloured as drawn for the epoch. */
async function readBatch(
  { data, settings, streams }: Pick<Task, 'data' | 'settings' | 'streams'>,
  positions: Uint32Array,
  epoch: number,
): Promise<Batch> {
  const { shape } = data;
  const { zoom } = settings;
  const editOf: EditOf = (index, size) => drawEdit(settings, streams, index, epoch, size);
  const images =
    zoom === 0
      ? await readEdited(data, [...positions], editOf)
      : (await data.read([...positions])).map((image) => ({
          ...image,
          pixels: editImage(
            zoomIn(image.pixels, shape, zoom, streams.zoom, image.index, epoch),
            shape,
            editOf(image.index, shape),
          ),
        }));
  return {
    images: images.map(({ pixels }) => pixels),
    labels: images.map(({ label }) => label),
    indices: images.map(({ index }) => index),
  };
}
