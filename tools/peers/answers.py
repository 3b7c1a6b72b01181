"""Sets the answers of a model in Python's onnxruntime beside those that an evaluation recorded.

    python tools/peers/answers.py MODEL RUN IMAGES

RUN is the folder of an evaluation of MODEL with the attack `natural` (of a hardening: its folder `after`); IMAGES is what it was evaluated on: `test_batch.bin` of
CIFAR-10 or `t10k-images-idx3-ubyte.gz` of MNIST. For models of raw pixels. Prints the images, those of one class in both, and the largest difference of the
cross-entropy, relative to 1 + its size.
"""
import gzip
import json
import pathlib
import sys

import numpy as np
import onnxruntime


def images_of(path):
    data = gzip.open(path).read() if path.suffix == '.gz' else path.read_bytes()
    if path.name.startswith('t10k'):
        return np.frombuffer(data, np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return np.frombuffer(data, np.uint8).reshape(-1, 3073)[:, 1:].reshape(-1, 3, 32, 32)


def cross_entropy(scores, label):
    is_probability = (scores >= 0).all() and abs(scores.sum() - 1) < 1e-3
    logits = np.log(np.maximum(scores, 1e-38)) if is_probability else scores
    highest = logits.max()
    return highest + np.log(np.exp(logits - highest).sum()) - logits[label]


def main():
    model, run, path = (pathlib.Path(argument) for argument in sys.argv[1:])
    session = onnxruntime.InferenceSession(model, providers=['CPUExecutionProvider'])
    (wanted,) = session.get_inputs()
    images = images_of(path)
    records = [json.loads(line) for line in (run / 'images.jsonl').read_text().splitlines()]
    same, difference = 0, 0.0
    for record in records:
        image = images[record['index']][None].astype(np.float32) / 255
        if wanted.shape[-1] == image.shape[1]:
            image = image.transpose(0, 2, 3, 1)
        (scores,) = session.run(None, {wanted.name: image})[0].astype(np.float64)
        same += int(scores.argmax() == record['prediction'])
        loss = cross_entropy(scores, record['label'])
        difference = max(difference, abs(loss - record['attacks']['natural']['loss']) / (1 + abs(loss)))
    print(f'onnxruntime {onnxruntime.__version__}: {len(records)} images, {same} of one class in both, losses within {difference:.0e}')


main()
