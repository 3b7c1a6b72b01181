import { LARGEST_MODEL } from '../applications/view/limits.ts';
import { misuse } from '../errors/error.ts';
import type { ModelFiles } from './desk/messages.ts';

/** A file with the folders that it lay in: `photos/cat`. */
export interface DroppedFile {
  readonly file: File;
  readonly folder: string;
}

/** What was dropped on a page, by kind. */
export interface Dropped {
  readonly models: readonly ModelFiles[];
  readonly pictures: readonly DroppedFile[];
  /** Names of files that are neither. */
  readonly others: readonly string[];
}

const MOST_PICTURES = 500;

const PICTURE = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;
const MODEL = /\.onnx$/i;
const SIDECAR = /\.json$/i;

/**
 * Sorts files into models, each with the sidecar file beside it and the weights that it keeps apart, and pictures.
 * @throws misuse `file-too-large`, `nothing-dropped`
 */
export async function sortFiles(files: readonly DroppedFile[]): Promise<Dropped> {
  const named = (pattern: RegExp) => files.filter(({ file: { name } }) => pattern.test(name));
  const models = named(MODEL);
  const pictures = named(PICTURE).slice(0, MOST_PICTURES);
  const rest = files.filter(({ file: { name } }) => ![MODEL, PICTURE, SIDECAR].some((pattern) => pattern.test(name)));
  if (models.length + pictures.length === 0)
    throw misuse({
      code: 'nothing-dropped',
      subject:
        files
          .map(({ file }) => file.name)
          .slice(0, 3)
          .join(', ') || 'what was dropped',
      problem: 'is neither a model nor a picture.',
      advice:
        'Drop an .onnx file, with the files of its weights if it has some, pictures (PNG, JPEG, WebP) or a ' +
        'folder of them.',
    });
  const bytes = async ({ file }: DroppedFile): Promise<Uint8Array> => {
    if (file.size <= LARGEST_MODEL) return new Uint8Array(await file.arrayBuffer());
    const [size, most] = [file.size, LARGEST_MODEL].map((length) => Math.round(length / 2 ** 20));
    throw misuse({
      code: 'file-too-large',
      subject: file.name,
      problem: `has ${size} MiB; a page takes models of up to ${most} MiB.`,
      advice: 'gimbal evaluate takes larger ones.',
    });
  };
  const loose =
    models.length === 0 ? [] : await Promise.all(rest.map(async (one) => [one.file.name, await bytes(one)] as const));
  return {
    models: await Promise.all(
      models.map(async (model) => {
        const { name } = model.file;
        const sidecar = files.find(({ file }) => file.name === name.replace(MODEL, '.json'))?.file;
        return {
          name,
          bytes: await bytes(model),
          ...(sidecar === undefined ? {} : { sidecar: { name: sidecar.name, text: await sidecar.text() } }),
          beside: new Map(loose),
        };
      }),
    ),
    pictures,
    others: models.length === 0 ? rest.map(({ file }) => file.name) : [],
  };
}

/** The files of a drop, folders opened. To be called while the event is handled: the list is empty afterwards. */
export function filesOf(transfer: DataTransfer): Promise<DroppedFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return entries.length > 0
    ? Promise.all(entries.map((entry) => within(entry, ''))).then((all) => all.flat())
    : Promise.resolve([...transfer.files].map((file) => ({ file, folder: '' })));
}

/** The files that were chosen in a dialogue. */
export function chosenFiles(list: FileList): DroppedFile[] {
  return [...list].map((file) => ({ file, folder: file.webkitRelativePath.split('/').slice(0, -1).join('/') }));
}

/** As many as a page could show; more are left where they are. */
const MOST_FILES = 5000;

async function within(entry: FileSystemEntry, folder: string): Promise<DroppedFile[]> {
  if (entry.isFile) return [{ file: await fileOf(entry as FileSystemFileEntry), folder }];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: DroppedFile[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0 || found.length > MOST_FILES) return found;
    const inner = folder === '' ? entry.name : `${folder}/${entry.name}`;
    for (const child of some) for (const file of await within(child, inner)) found.push(file);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
