/** Another format of models. */
interface OtherFormat {
  /** `a TensorFlow Lite model`. */
  readonly name: string;
  /** What makes an ONNX file of it. */
  readonly advice: string;
}

const PYTORCH = 'Export it: torch.onnx.export(model.eval(), (image,), "model.onnx").';
const KERAS = 'Export it: keras.models.load_model(path).export("model.onnx", format="onnx").';

/** Each known by bytes at a place. */
const FORMATS: readonly (OtherFormat & { readonly at: number; readonly bytes: string })[] = [
  {
    at: 4,
    bytes: 'TFL3',
    name: 'a TensorFlow Lite model',
    advice: 'Convert it: python -m tf2onnx.convert --tflite model.tflite --output model.onnx.',
  },
  {
    at: 4,
    bytes: 'ORTM',
    name: "a model in ONNX Runtime's own format",
    advice: 'Give the .onnx file that it was made of: the .ort format cannot be turned back.',
  },
  { at: 0, bytes: '\x89HDF\r\n', name: 'an HDF5 file, as Keras wrote them', advice: KERAS },
  { at: 0, bytes: '\x80\x02', name: 'a pickle, as PyTorch wrote them', advice: PYTORCH },
  { at: 0, bytes: '<?xml', name: 'an XML file, as that of an OpenVINO model', advice: 'Give the .onnx file instead.' },
];

/** What a file is that is no ONNX model; undefined where nothing is known of it. */
export function otherFormat(bytes: Uint8Array): OtherFormat | undefined {
  const has = (text: string, at: number): boolean =>
    [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
  const known = FORMATS.find((format) => has(format.bytes, format.at));
  if (known !== undefined) return known;
  if (has('PK\x03\x04', 0)) return zipFormat(bytes);
  // safetensors: the length of a header in JSON, then the header.
  if (has('{"', 8)) return { name: 'a safetensors file, which holds weights and no graph', advice: PYTORCH };
  return undefined;
}

/** Zip archives are told apart by the name of their first file. */
function zipFormat(bytes: Uint8Array): OtherFormat {
  const first = String.fromCharCode(...bytes.subarray(30, 30 + Math.min(200, bytes[26] + 256 * bytes[27])));
  if (/\/(data\.pkl|\.format_version|\.data\/|byteorder)/.test(first))
    return { name: 'a PyTorch file (.pt, .pth, .pt2)', advice: PYTORCH };
  if (/^(metadata|config)\.json|^model\.weights/.test(first)) return { name: 'a Keras file', advice: KERAS };
  return { name: 'a zip archive', advice: 'Unpack it, and give the .onnx file in it.' };
}
