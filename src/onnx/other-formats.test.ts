import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readModel } from './read.ts';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const zip = (name: string): Uint8Array => zipSync({ [name]: latin('{}') });

test.each([
  ['TensorFlow Lite', latin('\x1c\0\0\0TFL3\x14\0\0\0'), 'tf2onnx.convert --tflite'],
  ["ONNX Runtime's own format", latin('\x20\0\0\0ORTM\0\0\0\0'), 'cannot be turned back'],
  ['HDF5', latin('\x89HDF\r\n\x1a\n\0\0'), 'format="onnx"'],
  ['a pickle', latin('\x80\x02}q\0.'), 'torch.onnx.export'],
  ['a PyTorch file', zip('archive/data.pkl'), 'torch.onnx.export'],
  ['a Keras file', zip('metadata.json'), 'keras.models.load_model'],
  ['a zip archive', zip('model.onnx'), 'Unpack it'],
  ['safetensors', latin('\x40\0\0\0\0\0\0\0{"weight":{"dtype":"F32"}}'), 'torch.onnx.export'],
  ['OpenVINO', latin('<?xml version="1.0"?><net/>'), '.onnx file'],
])('names %s for what it is, and how to go on', (name, bytes, advice) => {
  expect(() => readModel(bytes)).toThrow(name);
  expect(() => readModel(bytes)).toThrow(advice);
});

test('says no more than it knows', () => {
  expect(() => readModel(latin('hello'))).toThrow('not a whole ONNX model');
});
