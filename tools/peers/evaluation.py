"""The peer of `src/bench/peer.ts`: the exhaustive grid evaluation as published code does it, in PyTorch on the CPU.

Every grid point, every image: for each of the 775 points one batch of images after the other is transformed (affine_grid and
grid_sample, the same transformation as Gimbal's) and classified. Needs `torch`, `onnx` and `numpy`; nothing else of the
project does.

    python tools/peers/evaluation.py MODEL.onnx IMAGES.f32 LABELS.u8 THREADS [POINTS]

IMAGES holds float32 [n, 3, 32, 32] in [0, 1]. Prints a line of JSON for float32 and one for bfloat16 autocast: seconds and the
images that survive, with the fastest memory format (plain or channels-last) and batch, picked by a short trial of each.
"""
import json
import sys
import time

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


def load(path):
    """The ONNX graph as a PyTorch function, for the operators that the model uses."""
    graph = onnx.load(path).graph
    constants = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}

    def run(x, weights):
        values = dict(weights)
        values[graph.input[0].name] = x
        for node in graph.node:
            a = {k.name: onnx.helper.get_attribute_value(k) for k in node.attribute}
            v = [values.get(name) for name in node.input]
            op = node.op_type
            if op == "Conv":
                y = F.conv2d(v[0], v[1], v[2] if len(v) > 2 else None, a.get("strides", [1, 1]), a.get("pads", [0, 0])[:2])
            elif op == "Relu":
                y = F.relu(v[0])
            elif op == "Add":
                y = v[0] + v[1]
            elif op == "Sub":
                y = v[0] - v[1]
            elif op == "Div":
                y = v[0] / v[1]
            elif op == "Slice":
                y = v[0]
                steps = v[4].tolist() if len(v) > 4 else [1] * len(v[1])
                for start, end, axis, step in zip(v[1].tolist(), v[2].tolist(), v[3].tolist(), steps):
                    index = [slice(None)] * y.dim()
                    index[axis] = slice(start, min(end, y.shape[axis]), step)
                    y = y[tuple(index)]
            elif op == "Pad":
                pads = v[1].tolist()
                rank = len(pads) // 2
                y = F.pad(v[0], [p for d in reversed(range(rank)) for p in (pads[d], pads[d + rank])])
            elif op == "GlobalAveragePool":
                y = v[0].mean((2, 3), keepdim=True)
            elif op == "Flatten":
                y = v[0].flatten(1)
            elif op == "Gemm":
                y = F.linear(v[0], v[1] if a.get("transB") else v[1].t(), v[2])
            else:
                raise SystemExit(f"tools/peers/evaluation.py does not know the operator {op}")
            values[node.output[0]] = y
        return values[graph.output[0].name]

    return run, constants


def transform(images, tx, ty, angle):
    """p_in = R(angle)(p_out - t - c) + c in the normalised coordinates of affine_grid (square images)."""
    n, _, height, width = images.shape
    radians = np.deg2rad(angle)
    cos, sin = np.cos(radians), np.sin(radians)
    ux, uy = 2 * tx / width, 2 * ty / height
    theta = torch.tensor([[cos, -sin, -cos * ux + sin * uy], [sin, cos, -sin * ux - cos * uy]], dtype=torch.float32)
    grid = F.affine_grid(theta.expand(n, 2, 3), images.shape, align_corners=False)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def main():
    model, images_file, labels_file, threads = sys.argv[1:5]
    torch.set_num_threads(int(threads))
    labels = torch.from_numpy(np.fromfile(labels_file, np.uint8).astype(np.int64))
    images = torch.from_numpy(np.fromfile(images_file, np.float32)).reshape(len(labels), 3, 32, 32)
    run, constants = load(model)
    points = [(tx, ty, angle) for tx in np.linspace(-3, 3, 5) for ty in np.linspace(-3, 3, 5) for angle in np.linspace(-30, 30, 31)]
    points = points[: int(sys.argv[5])] if len(sys.argv) > 5 else points

    def evaluate(points, weights, layout, half, batch):
        survives = torch.ones(len(labels), dtype=torch.bool)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
            for tx, ty, angle in points:
                for start in range(0, len(labels), batch):
                    x = transform(images[start : start + batch], tx, ty, angle).contiguous(memory_format=layout)
                    survives[start : start + batch] &= run(x, weights).argmax(1) == labels[start : start + batch]
        return survives

    trials = []
    for layout in (torch.contiguous_format, torch.channels_last):
        weights = {k: v.contiguous(memory_format=layout) if v.dim() == 4 and v.numel() > 12 else v for k, v in constants.items()}
        for half in (False, True):
            for batch in (64, 128, 256):
                evaluate(points[:1], weights, layout, half, batch)
                start = time.perf_counter()
                evaluate(points[:4], weights, layout, half, batch)
                trials.append((time.perf_counter() - start, weights, layout, half, batch))
    # The fastest of each precision: bfloat16 may give other verdicts than the float32 model.
    for half in (False, True):
        _, weights, layout, _, batch = min((t for t in trials if t[3] == half), key=lambda trial: trial[0])
        start = time.perf_counter()
        survives = evaluate(points, weights, layout, half, batch)
        seconds = time.perf_counter() - start
        print(json.dumps({
            "seconds": seconds, "survivors": survives.nonzero().flatten().tolist(), "torch": torch.__version__,
            "layout": str(layout), "precision": "bfloat16" if half else "float32", "batch": batch,
        }))


main()
