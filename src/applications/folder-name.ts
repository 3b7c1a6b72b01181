/** A model's or a data set's name as part of a folder's: letters, digits, dots and dashes, the last 60 of them. */
export function slug(name: string): string {
  return name
    .replace(/\.onnx$/i, '')
    .replace(/[^\w.]+/g, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(-60);
}
