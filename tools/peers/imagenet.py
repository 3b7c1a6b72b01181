"""The peer of `src/bench/imagenet.ts`: the same updates by torchvision's ResNet in PyTorch on the CPU.

    python tools/peers/imagenet.py FOLDER

FOLDER holds `spec.json`, `before.f32` (weights), `images.f32` [updates · batch, channels, height, width] in [0, 1] and
`labels.i32`. Writes `after.f32` there and prints losses and milliseconds as JSON. float32, SGD; norms and biases do not
decay, as in Gimbal.
"""
import json
import pathlib
import re
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from torchvision_here import torchvision_module  # noqa: E402


def torch_name(name):
    """torchvision's name of one of our parameters."""
    for pattern, replacement in (
        (r'^stem\.', 'conv1.'), (r'^stem-norm\.', 'bn1.'), (r'^head\.', 'fc.'),
        (r'\.shortcut\.', '.downsample.0.'), (r'\.shortcut-norm\.', '.downsample.1.'), (r'\.norm(\d)\.', r'.bn\1.'),
    ):
        name = re.sub(pattern, replacement, name)
    name = re.sub(r'^stage(\d)\.block(\d+)', lambda m: f'layer{m[1]}.{int(m[2]) - 1}', name)
    if re.search(r'bn\d|downsample\.1', name):
        name = name.replace('.scale', '.weight').replace('.shift', '.bias')
    return name


def main(folder):
    spec = json.loads((folder / 'spec.json').read_text())
    torch.set_num_threads(spec['threads'])
    model = getattr(torchvision_module().models, f"resnet{spec['depth']}")(num_classes=spec['classes'])
    named = dict(model.named_parameters())
    before = torch.from_numpy(np.fromfile(folder / 'before.f32', np.float32))
    slots = [(named.pop(torch_name(slot['name'])), slot) for slot in spec['slots']]
    assert not named, f'not set: {list(named)}'
    with torch.no_grad():
        for parameter, slot in slots:
            values = before[slot['offset']:slot['offset'] + parameter.numel()]
            parameter.copy_(values.view(slot['dims']))
    optimizer = torch.optim.SGD(
        [{'params': [p for p, s in slots if s['decays'] == decays], 'weight_decay': spec['decay'] if decays else 0}
         for decays in (True, False)], lr=spec['rate'], momentum=spec['momentum'], nesterov=spec['nesterov'])
    shape = [spec['shape'][key] for key in ('channels', 'height', 'width')]
    images = torch.from_numpy(np.fromfile(folder / 'images.f32', np.float32)).view(-1, spec['batch'], *shape)
    labels = torch.from_numpy(np.fromfile(folder / 'labels.i32', np.int32)).long().view(-1, spec['batch'])
    mean, std = (torch.tensor(spec[key], dtype=torch.float32).view(-1, 1, 1) for key in ('mean', 'std'))
    losses, milliseconds = [], []
    for x, y, rate in zip(images, labels, spec['rates']):
        start = time.perf_counter()
        for group in optimizer.param_groups:
            group['lr'] = rate
        loss = F.cross_entropy(model((x - mean) / std), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        milliseconds.append(1000 * (time.perf_counter() - start))
    after = before.clone()
    for parameter, slot in slots:
        after[slot['offset']:slot['offset'] + parameter.numel()] = parameter.detach().reshape(-1)
    after.numpy().tofile(folder / 'after.f32')
    print(json.dumps({'torch': torch.__version__, 'losses': losses, 'milliseconds': milliseconds}))


main(pathlib.Path(sys.argv[1]))
