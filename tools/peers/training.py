"""The peer of `src/bench/training.ts`: the same training steps in PyTorch on the CPU.

    python tools/peers/training.py NET OBJECTIVE THREADS MEMORY

NET is `resnet` (ResNet-20, widths 32, 64, 128, 3×32×32) or `mnist` (the MNIST conv net, 1×28×28); OBJECTIVE is `standard`
or `worst-of-10`; MEMORY is `contiguous` or `channels-last`. float32, batch 128, SGD with Nesterov momentum 0.9 and weight
decay. For every line on standard input one step is made and its milliseconds are printed. At the end, on an empty input,
the resident memory's peak in MB is printed.
"""
import sys

import torch
import torch.nn.functional as F
from torch import nn

from steps import serve

BATCH = 128


class Block(nn.Module):
    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Identity() if stride == 1 and inputs == channels else nn.Sequential(
            nn.Conv2d(inputs, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)), inplace=True)
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x), inplace=True)


def resnet(width=32, blocks=3):
    layers = [nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
    inputs = width
    for stage in range(3):
        for i in range(blocks):
            layers.append(Block(inputs, width << stage, 2 if stage > 0 and i == 0 else 1))
            inputs = width << stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10)), (3, 32, 32)


def mnist():
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, 1, 2), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, 1, 2), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(inplace=True), nn.Linear(1024, 10)), (1, 28, 28)


def transform(images, side):
    """One random rotation (30°) and shift (3 px) of each image; zeros outside."""
    angle = (torch.rand(len(images)) * 2 - 1) * torch.pi / 6
    shift = (torch.rand(len(images), 2) * 2 - 1) * 3 * 2 / side
    c, s = angle.cos(), angle.sin()
    theta = torch.stack([torch.stack([c, -s, -(c * shift[:, 0] - s * shift[:, 1])], 1),
                         torch.stack([s, c, -(s * shift[:, 0] + c * shift[:, 1])], 1)], 1)
    return F.grid_sample(images, F.affine_grid(theta, images.shape, align_corners=False), align_corners=False)


def main(net, objective, threads, memory):
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    model, shape = resnet() if net == "resnet" else mnist()
    form = torch.channels_last if memory == "channels-last" else torch.contiguous_format
    model = model.to(memory_format=form)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)
    images = torch.rand(BATCH, *shape).to(memory_format=form)
    labels = torch.arange(BATCH) % 10

    def step():
        x = images
        if objective == "worst-of-10":
            model.eval()
            with torch.inference_mode():
                candidates = [transform(images, shape[-1]).to(memory_format=form) for _ in range(10)]
                losses = torch.stack([F.cross_entropy(model(c), labels, reduction="none") for c in candidates])
                worst = losses.argmax(0)
            x = torch.stack([candidates[k][i] for i, k in enumerate(worst.tolist())]).to(memory_format=form)
        model.train()
        loss = F.cross_entropy(model(x), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    serve(step)


main(*sys.argv[1:])
