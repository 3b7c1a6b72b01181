/** What the decoder reads, whatever of it a file of such a name really is. */
const READ = /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|avif)$/i;
/** Formats of images that it does not read. */
const NOT_READ =
  /\.(bmp|dib|hei[cf]|hif|p[bgpn]m|jp2|j2k|jpx|jxl|ico|tga|psd|exr|hdr|pcx|svgz?|dcm|nii|cr2|nef|arw|dng|raw|xcf|eps)$/i;
/** Folders that systems and programs make for themselves. */
const HOUSEKEEPING =
  /^(\..*|__macosx|@eadir|@tmp|#recycle|#snapshot|\$recycle\.bin|system volume information|lost\+found|__pycache__)$/i;
/** Folders of small copies of the images beside them; as the folder of a class, `thumb` may be a class. */
const COPIES = /^(thumbs?|thumbnails?)$/i;

/** Whether a file name is that of an image: one that is read, or one of another format. */
export function kindOfImage(name: string): 'read' | 'not-read' | undefined {
  return READ.test(name) ? 'read' : NOT_READ.test(name) ? 'not-read' : undefined;
}

/** Whether a file was written by a system for itself, as `._x.jpg` by macOS. */
export const isHiddenFile = (name: string): boolean => name.startsWith('.');

/** Whether a folder holds nothing of the data set. @param inside whether it lies in the folder of a class */
export function isHousekeeping(name: string, inside: boolean): boolean {
  return HOUSEKEEPING.test(name) || (inside && COPIES.test(name));
}

/** `.bmp` */
export const endingOf = (name: string): string => name.slice(name.lastIndexOf('.')).toLowerCase();
