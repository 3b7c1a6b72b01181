"""Writes images of every kind that Pillow writes, and what Pillow reads of them, for decoding.js beside this file.

    python tools/peers/decoding.py FOLDER && node tools/peers/decoding.js FOLDER

FOLDER must not exist. Seed 1.
"""
import json
import pathlib
import sys

import numpy as np
import PIL
from PIL import Image, ImageOps

ORIENTATION = 0x112


def kinds():
    """Names of files with their images and how they are saved: a smooth picture where JPEG loses, noise elsewhere."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:48, 0:64]
    waves = [np.sin(x / 9 + y / 13), np.cos(x / 7), np.sin(y / 11 + 1)]
    smooth = Image.fromarray(np.stack([127 + 120 * wave for wave in waves], -1).astype(np.uint8))
    values = rng.integers(0, 256, (48, 64, 3)).astype(np.uint8)
    noise = Image.fromarray(values)
    alpha = rng.integers(0, 256, (48, 64)).astype(np.uint8)
    yield from (
        ('rgb.png', noise, {}),
        ('grey.png', noise.convert('L'), {}),
        ('rgb444.jpg', smooth, {'quality': 95, 'subsampling': 0}),
        ('rgb420.jpg', smooth, {'quality': 80}),
        ('progressive.jpg', smooth, {'quality': 75, 'progressive': True}),
        ('noise420.jpg', noise, {'quality': 90}),
        ('grey.jpg', smooth.convert('L'), {'quality': 90}),
        ('cmyk.jpg', smooth.convert('CMYK'), {'quality': 95}),
        ('cmyk-noise.jpg', noise.convert('CMYK'), {'quality': 90}),
        ('cmyk.tif', noise.convert('CMYK'), {}),
        ('palette.png', noise.convert('P'), {}),
        ('palette-transparent.png', noise.convert('P'), {'transparency': 3}),
        ('palette.gif', noise.convert('P'), {}),
        ('rgba.png', Image.fromarray(np.dstack([values, alpha])), {}),
        ('la.png', Image.fromarray(np.dstack([values[..., 0], values[..., 1]]), 'LA'), {}),
        ('one-bit.png', noise.convert('1'), {}),
        ('lossless.webp', smooth, {'lossless': True}),
        ('lossy.webp', smooth, {'quality': 80}),
        ('rgb.tif', noise, {}),
        ('grey16.png', Image.fromarray(rng.integers(0, 65536, (48, 64)).astype(np.uint16)), {}),
    )
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        yield f'exif{orientation}.jpg', smooth, {'quality': 95, 'subsampling': 0, 'exif': exif}
        yield f'exif{orientation}.png', noise, {'exif': exif}


def main():
    folder = pathlib.Path(sys.argv[1])
    (folder / 'files').mkdir(parents=True)
    read = []
    for name, image, options in kinds():
        path = folder / 'files' / name
        image.save(path, **options)
        stored = Image.open(path)
        for exif, seen in (('turn', ImageOps.exif_transpose(stored)), ('ignore', stored)):
            pixels = np.asarray(seen.convert('RGB'))
            read.append({'name': name, 'exif': exif, 'shape': pixels.shape, 'pixels': pixels.tobytes().hex()})
    (folder / 'pillow.json').write_text(json.dumps({'pillow': PIL.__version__, 'read': read}))


main()
