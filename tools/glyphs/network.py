"""Which characters a trained network mistakes for each other once they are turned and shifted, and what it reaches.

python network.py [archive]   (NumPy and PyTorch; a reference for docs/glyphs.md that the project itself does not need)

Two networks of the same kind, with and without random transformations (3 px, 3 px, 30 degrees) in training, 4 epochs
each, are tested as the images are, on one and on ten random transformations of each test image. Printed last: the share of
the turned pictures of two characters that are taken for the other one.
"""
import math
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

BATCH, EPOCHS, LIMITS = 128, 4, (3, 3, 30)
here = os.path.dirname(os.path.abspath(__file__))
archive = np.load(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, '..', '..', 'data', 'glyphs.npz'))
names = bytes(archive['classes']).decode()


def load(split):
    images = torch.tensor(archive[f'{split}_images']).float()[:, None] / 255
    return images, torch.tensor(archive[f'{split}_labels']).long()


def transform(images):
    """One uniform draw for each image: turn about the centre, then shift, one bilinear sample, black outside."""
    x, y, angle = (torch.rand(3, len(images)) * 2 - 1) * torch.tensor(LIMITS)[:, None]
    angle = angle * math.pi / 180
    cos, sin = torch.cos(angle), torch.sin(angle)
    rotation = torch.stack([cos, -sin, sin, cos], 1).view(-1, 2, 2)
    shift = torch.stack([x, y], 1)[:, :, None] * 2 / images.shape[-1]
    grid = F.affine_grid(torch.cat([rotation, -rotation @ shift], 2), images.shape, align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


def train(images, labels, augment):
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 7 * 7, 256), nn.ReLU(), nn.Linear(256, len(names)))
    steps = len(images) // BATCH
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=EPOCHS * steps)
    for _ in range(EPOCHS):
        order = torch.randperm(len(images))
        for step in range(steps):
            batch = order[step * BATCH:(step + 1) * BATCH]
            inputs = transform(images[batch]) if augment else images[batch]
            optimizer.zero_grad()
            F.cross_entropy(model(inputs), labels[batch]).backward()
            optimizer.step()
            schedule.step()
    return model.eval()


@torch.no_grad()
def test(model, images, labels, draws):
    """Share of images right on every draw (0 draws: as they are), and the counts of guesses for each class."""
    right = torch.ones(len(images), dtype=torch.bool)
    guesses = torch.zeros(len(names), len(names))
    for _ in range(max(draws, 1)):
        for start in range(0, len(images), 1000):
            part = slice(start, start + 1000)
            guess = model(transform(images[part]) if draws else images[part]).argmax(1)
            right[part] &= guess == labels[part]
            guesses.index_put_((labels[part], guess), torch.ones(len(guess)), accumulate=True)
    return right.float().mean().item(), guesses


for augment in (False, True):
    model = train(*load('train'), augment)
    natural, one, ten = (test(model, *load('test'), draws) for draws in (0, 1, 10))
    print(f"{'augmented' if augment else 'standard'}: natural {natural[0]:.4f}, random {one[0]:.4f}, worst of 10 {ten[0]:.4f}", flush=True)
counts = ten[1]
pairs = [((counts[a, b] + counts[b, a]).item() / counts[[a, b]].sum().item(), names[b] + names[a]) for a in range(len(names)) for b in range(a)]
print(', '.join(f'{pair} {100 * share:.1f} %' for share, pair in sorted(pairs, reverse=True)[:10]))
