"""Trains two small classifiers of MNIST in PyTorch and exports them, to be hardened afterwards (docs/harden.md).

    python tools/small-models.py MNIST_FOLDER OUT

OUT/vit.onnx: a vision transformer (patches of 7 × 7, width 64, 4 blocks of 4 heads); OUT/depthwise.onnx: depthwise and
pointwise convolutions with batch normalisation, which the export folds. Seed 0, two epochs each, no augmentation.
"""
import gzip
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def read(folder, name, skip):
    with gzip.open(os.path.join(folder, name + ".gz")) as file:
        return np.frombuffer(file.read(), np.uint8, offset=skip)


class Transformer(nn.Module):
    def __init__(self, width=64, blocks=4, heads=4, patch=7):
        super().__init__()
        self.patches = nn.Conv2d(1, width, patch, patch)
        self.positions = nn.Parameter(0.02 * torch.randn(1, (28 // patch) ** 2, width))
        layer = lambda: nn.TransformerEncoderLayer(width, heads, 2 * width, 0.0, "gelu", batch_first=True, norm_first=True)
        self.blocks = nn.ModuleList(layer() for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2) + self.positions
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x).mean(1))


def depthwise():
    def block(inputs, outputs, stride):
        return [nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False), nn.BatchNorm2d(inputs), nn.ReLU6(),
                nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU6()]

    return nn.Sequential(nn.Conv2d(1, 24, 3, 2, 1, bias=False), nn.BatchNorm2d(24), nn.ReLU6(), *block(24, 48, 1),
                         *block(48, 96, 2), *block(96, 96, 1), *block(96, 128, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(128, 10))


def main(folder, out):
    images = torch.tensor(read(folder, "train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28) / np.float32(255))
    labels = torch.tensor(read(folder, "train-labels-idx1-ubyte", 8).astype(np.int64))
    os.makedirs(out, exist_ok=True)
    for name, make in (("vit", Transformer), ("depthwise", depthwise)):
        torch.manual_seed(0)
        model = make().train()
        steps, batch = 2 * (len(images) // 128), 128
        optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
        course = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
        for step in range(steps):
            if step % (steps // 2) == 0:
                order = torch.randperm(len(images))
            at = step % (steps // 2) * batch
            chosen = order[at:at + batch]
            loss = F.cross_entropy(model(images[chosen]), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            course.step()
        torch.onnx.export(model.eval(), (images[:2],), os.path.join(out, name + ".onnx"), input_names=["input"],
                          output_names=["logits"], dynamic_axes={"input": {0: "N"}, "logits": {0: "N"}}, dynamo=False)
        print(name, "last loss", round(loss.item(), 4))


main(*sys.argv[1:])
