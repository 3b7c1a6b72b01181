import { type DroppedFile, sortFiles } from '../../web/dropped.ts';
import { droppedPicture } from './pictures.ts';
import type { Studio } from './studio.ts';

/** Takes dropped files onto the page: a model takes the first place, or the one beside it where it fits. */
export async function takeFiles(studio: Studio, files: readonly DroppedFile[]): Promise<void> {
  try {
    const { models, pictures, others } = await sortFiles(files);
    studio.dismiss();
    const added = pictures.map(({ file, folder }) => droppedPicture(file, folder.split('/').at(-1) || undefined));
    studio.addPictures(added);
    for (const model of models) studio.addModel(model);
    if (models.length > 0) await studio.showModels(models.map(({ name }) => name));
    if (added.length > 0) await studio.showPicture(added[0]);
    if (others.length > 0) studio.note(`Left out, as neither models nor pictures: ${others.slice(0, 5).join(', ')}.`);
  } catch (error) {
    studio.tell(error);
  }
}
