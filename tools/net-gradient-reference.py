"""Writes src/gradients/reference/nets.json and models.json: gradients of whole nets by PyTorch in float64.

    python tools/net-gradient-reference.py [DIRECTORY OF ONNX MODELS]      (PyTorch 2.13; the onnx package to read models)

Nets are lists of ONNX nodes, evaluated by the small interpreter below in float64 and differentiated by autograd. The
derivative along a random direction is checked against central differences in float64 before anything is written.
nets.json holds small nets whole: nodes, weights, images, gradients by every parameter and by the image.
models.json holds, for models that are not part of the repository, gradients at evenly spaced elements.
"""
import base64
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

RNG = np.random.default_rng(20)
OUT = pathlib.Path(__file__).parent.parent / 'src/gradients/reference'


def frame(pads):
    rank = len(pads) // 2
    return [p for i in reversed(range(rank)) for p in (pads[i], pads[rank + i])]


def list_of(t):
    return [int(v) for v in t.reshape(-1)]


def conv(a, x, w, b=None):
    rank = w.ndim - 2
    x = F.pad(x, frame(a.get('pads', [0] * 2 * rank)))
    function = {1: F.conv1d, 2: F.conv2d}[rank]
    return function(x, w, b, stride=a.get('strides', [1] * rank), dilation=a.get('dilations', [1] * rank), groups=a.get('group', 1))


def gemm(a, x, w, b=None):
    y = a.get('alpha', 1.0) * (x.T if a.get('transA') else x) @ (w.T if a.get('transB') else w)
    return y if b is None else y + a.get('beta', 1.0) * b


def batch_norm(a, x, w, b, m, v):
    return F.batch_norm(x, m, v, w, b, training=a.get('training_mode', 0) == 1, eps=a.get('epsilon', 1e-5))


def max_pool(a, x):
    pads = a.get('pads', [0, 0, 0, 0])
    x = F.pad(x, frame(pads), value=-math.inf)
    return F.max_pool2d(x, a['kernel_shape'], a.get('strides'), ceil_mode=a.get('ceil_mode', 0) == 1)


def slice_(a, x, starts, ends, axes=None, steps=None):
    starts, ends = list_of(starts), list_of(ends)
    axes = range(len(starts)) if axes is None else list_of(axes)
    steps = [1] * len(starts) if steps is None else list_of(steps)
    index = [slice(None)] * x.ndim
    for s, e, axis, step in zip(starts, ends, axes, steps):
        index[axis] = slice(s, e, step)
    return x[tuple(index)]


def reshape(a, x, shape):
    return x.reshape([x.shape[i] if d == 0 else d for i, d in enumerate(list_of(shape))])


OPERATORS = {
    'Add': lambda a, x, y: x + y, 'Sub': lambda a, x, y: x - y, 'Mul': lambda a, x, y: x * y, 'Div': lambda a, x, y: x / y,
    'Conv': conv, 'Gemm': gemm, 'MatMul': lambda a, x, y: x @ y, 'BatchNormalization': batch_norm, 'MaxPool': max_pool,
    'Relu': lambda a, x: F.relu(x), 'HardSwish': lambda a, x: F.hardswish(x), 'Gelu': lambda a, x: F.gelu(x), 'Identity': lambda a, x: x,
    'Clip': lambda a, x, low, high: torch.where((x > low) & (x < high), x, torch.clamp(x.detach(), float(low), float(high))),
    'GlobalAveragePool': lambda a, x: x.mean(tuple(range(2, x.ndim)), keepdim=True),
    'AveragePool': lambda a, x: F.avg_pool2d(x, a['kernel_shape'], a.get('strides'), a.get('pads', [0, 0])[:2], count_include_pad=a.get('count_include_pad', 0) == 1),
    'ReduceMean': lambda a, x, axes: x.mean(list_of(axes), keepdim=a.get('keepdims', 1) == 1),
    'Flatten': lambda a, x: x.flatten(a.get('axis', 1)), 'Reshape': reshape, 'Transpose': lambda a, x: x.permute(a['perm']),
    'Slice': slice_, 'Pad': lambda a, x, pads: F.pad(x, frame(list_of(pads))), 'Concat': lambda a, *xs: torch.cat(xs, a['axis']),
    'Softmax': lambda a, x: F.softmax(x, a.get('axis', -1)), 'LayerNormalization': lambda a, x, w, b: F.layer_norm(x, w.shape, w, b, a.get('epsilon', 1e-5)),
}


def evaluate(nodes, values):
    values = dict(values)
    for op, inputs, outputs, attributes in nodes:
        values[outputs[0]] = OPERATORS[op](attributes, *[values[name] if name else None for name in inputs])
    return values


def differentiate(name, nodes, constants, image, labels, scores, wanted, ties=False):
    """Gradients of the summed cross-entropy by the image ('image') and the constants in `wanted`.
    ties: the image lies where the loss has no derivative, so central differences are left out for it."""
    source = nodes_input(nodes, constants)
    values = {k: torch.tensor(v.astype(np.float64) if v.dtype == np.float32 else v) for k, v in constants.items()}
    values[source] = torch.tensor(image.astype(np.float64))
    by = [source, *wanted]
    for key in by:
        values[key].requires_grad_(True)

    def loss(given):
        return F.cross_entropy(evaluate(nodes, given)[scores], torch.tensor(labels), reduction='sum')
    total = loss(values)
    gradients = dict(zip(by, torch.autograd.grad(total, [values[k] for k in by])))
    for key in by[1 if ties else 0:3]:
        direction = torch.tensor(RNG.standard_normal(values[key].shape))
        direction *= 1e-7 / direction.norm() * max(1.0, float(values[key].detach().norm()))
        with torch.no_grad():
            up, down = ({**values, key: values[key] + sign * direction} for sign in (1, -1))
            slope = float(loss(up) - loss(down)) / 2
        expected = float((gradients[key] * direction).sum())
        assert abs(slope - expected) <= 1e-4 * float(gradients[key].norm() * direction.norm()), (name, key, slope, expected)
    return float(total.detach()), gradients[source].numpy(), {k: gradients[k].numpy() for k in wanted}


def nodes_input(nodes, constants):
    made = {o for _, _, outputs, _ in nodes for o in outputs}
    sources = {i for _, inputs, _, _ in nodes for i in inputs if i and i not in made and i not in constants}
    assert len(sources) == 1, sources
    return sources.pop()


def tensor_json(array):
    array = array if array.dtype == np.int64 else array.astype(np.float32)
    return {'type': str(array.dtype), 'dims': list(array.shape), 'data': base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()}


def attribute_json(value):
    kind = {int: 'int', float: 'float', str: 'string', list: 'ints'}[type(value)]
    return {'kind': kind, 'value': value}


class Net:
    def __init__(self, name):
        self.name, self.nodes, self.constants, self.wanted, self.count = name, [], {}, [], 0

    def weight(self, *shape, gain=1.0, mean=0.0):
        fan = math.prod(shape[1:]) if len(shape) > 1 else 1
        self.count += 1
        key = f'w{self.count}'
        self.constants[key] = (mean + gain * RNG.standard_normal(shape) / math.sqrt(fan)).astype(np.float32)
        self.wanted.append(key)
        return key

    def fixed(self, array):
        self.count += 1
        key = f'c{self.count}'
        self.constants[key] = np.asarray(array)
        return key

    def op(self, op, *inputs, **attributes):
        self.count += 1
        outputs = [f'v{self.count}']
        if attributes.get('training_mode'):
            outputs += [f'v{self.count}_mean', f'v{self.count}_variance']
        self.nodes.append((op, list(inputs), outputs, attributes))
        return outputs[0]

    def conv(self, x, out, inp, k, group=1, bias=True, **attributes):
        inputs = [x, self.weight(out, inp // group, k, k, gain=1.4)] + ([self.weight(out, gain=0.1)] if bias else [])
        return self.op('Conv', *inputs, group=group, **attributes)

    def norm(self, x, channels, training):
        mean, variance = self.fixed(0.1 * RNG.standard_normal(channels).astype(np.float32)), self.fixed(RNG.uniform(0.5, 1.5, channels).astype(np.float32))
        return self.op('BatchNormalization', x, self.weight(channels, gain=0.2, mean=1.0), self.weight(channels, gain=0.2), mean, variance,
                       training_mode=1 if training else 0, epsilon=1e-5)

    def finish(self, scores, image, labels, ties=False):
        loss, by_image, by_weights = differentiate(self.name, self.nodes, self.constants, image, labels, scores, self.wanted, ties)
        return {
            'name': self.name, 'nodes': [{'opType': o, 'inputs': i, 'outputs': u, 'attributes': {k: attribute_json(v) for k, v in a.items()}} for o, i, u, a in self.nodes],
            'constants': {k: tensor_json(v) for k, v in self.constants.items()}, 'scores': scores, 'classes': 5,
            'image': tensor_json(image), 'labels': labels, 'loss': loss,
            'gradients': {k: tensor_json(v) for k, v in {'image': by_image, **by_weights}.items()},
        }


def image(*shape):
    return RNG.uniform(0, 1, shape).astype(np.float32)


def residual_net(training):
    n = Net(f'residual net, odd sizes, stride 2, batch normalization in {"training" if training else "inference"}')
    x = n.op('Relu', n.norm(n.conv('image', 8, 3, 3, bias=False, pads=[1, 1, 1, 1]), 8, training))
    for inp, out, stride in ((8, 8, 1), (8, 16, 2), (16, 16, 2)):
        h = n.op('Relu', n.norm(n.conv(x, out, inp, 3, bias=False, pads=[1, 1, 1, 1], strides=[stride, stride]), out, training))
        h = n.norm(n.conv(h, out, out, 3, bias=False, pads=[1, 1, 1, 1]), out, training)
        short = x if stride == 1 else n.norm(n.conv(x, out, inp, 1, bias=False, strides=[stride, stride]), out, training)
        x = n.op('Relu', n.op('Add', h, short))
    x = n.op('Flatten', n.op('GlobalAveragePool', x), axis=1)
    scores = n.op('Gemm', x, n.weight(5, 16), n.weight(5, gain=0.1), transB=1)
    return n.finish(scores, image(3, 3, 15, 13), [0, 3, 2])


def depthwise_net():
    n = Net('depthwise net with HardSwish, odd sizes, stride 2')
    x = n.op('HardSwish', n.conv('image', 8, 3, 3, pads=[1, 1, 1, 1], strides=[2, 2]))
    for inp, out, stride, k in ((8, 12, 1, 3), (12, 16, 2, 5)):
        h = n.op('HardSwish', n.conv(x, 2 * inp, inp, 1))
        h = n.op('HardSwish', n.conv(h, 2 * inp, 2 * inp, k, group=2 * inp, pads=[k // 2] * 4, strides=[stride, stride]))
        x = n.conv(h, out, 2 * inp, 1)
    x = n.op('ReduceMean', x, n.fixed(np.array([2, 3], np.int64)), keepdims=0)
    return n.finish(n.op('Gemm', x, n.weight(16, 5), n.weight(5, gain=0.1)), image(2, 3, 17, 15), [4, 1])


def transformer():
    n = Net('patches and a transformer block')
    batch, tokens, width, heads = 2, 16, 16, 4
    x = n.op('Conv', 'image', n.weight(width, 3, 4, 4), n.weight(width, gain=0.1), strides=[4, 4])
    x = n.op('Transpose', n.op('Reshape', x, n.fixed(np.array([0, width, -1], np.int64))), perm=[0, 2, 1])
    x = n.op('Add', x, n.weight(1, tokens, width, gain=2.0))
    h = n.op('LayerNormalization', x, n.weight(width, gain=0.2, mean=1.0), n.weight(width, gain=0.1), axis=-1, epsilon=1e-5)
    split = n.fixed(np.array([0, 0, heads, width // heads], np.int64))
    # Without a bias for the keys: softmax does not change with it, so its gradient is zero and has no relative error.
    q, k, v = (n.op('MatMul', h, n.weight(width, width, gain=2.0)) for _ in range(3))
    q, k, v = (n.op('Reshape', t, split) for t in (n.op('Add', q, n.weight(width, gain=0.1)), k, n.op('Add', v, n.weight(width, gain=0.1))))
    q, v = (n.op('Transpose', t, perm=[0, 2, 1, 3]) for t in (q, v))
    attention = n.op('MatMul', q, n.op('Transpose', k, perm=[0, 2, 3, 1]))
    attention = n.op('Softmax', n.op('Mul', attention, n.fixed(np.array(0.5, np.float32))), axis=-1)
    h = n.op('Transpose', n.op('MatMul', attention, v), perm=[0, 2, 1, 3])
    h = n.op('MatMul', n.op('Reshape', h, n.fixed(np.array([0, 0, width], np.int64))), n.weight(width, width))
    x = n.op('Add', x, h)
    h = n.op('LayerNormalization', x, n.weight(width, gain=0.2, mean=1.0), n.weight(width, gain=0.1), axis=-1, epsilon=1e-5)
    h = n.op('Gelu', n.op('Add', n.op('MatMul', h, n.weight(width, 2 * width)), n.weight(2 * width, gain=0.1)))
    x = n.op('Add', x, n.op('MatMul', h, n.weight(2 * width, width)))
    x = n.op('ReduceMean', x, n.fixed(np.array([1], np.int64)), keepdims=0)
    return n.finish(n.op('Gemm', x, n.weight(5, width), n.weight(5, gain=0.1), transB=1), image(batch, 3, 16, 16), [2, 0])


def pooling_net():
    n = Net('pooling net: MaxPool, AveragePool and Concat on a constant background')
    x = n.op('MaxPool', n.op('Relu', n.conv('image', 6, 1, 3, pads=[1, 1, 1, 1])), kernel_shape=[3, 3], strides=[2, 2])
    left = n.op('Relu', n.conv(x, 4, 6, 1))
    right = n.op('Relu', n.conv(x, 4, 6, 3, pads=[1, 1, 1, 1]))
    x = n.op('AveragePool', n.op('Concat', left, right, axis=1), kernel_shape=[2, 2], strides=[2, 2])
    x = n.op('Reshape', n.op('Transpose', x, perm=[0, 2, 3, 1]), n.fixed(np.array([0, -1], np.int64)))
    scores = n.op('Add', n.op('MatMul', x, n.weight(8 * 9, 5, gain=3.0)), n.weight(5, gain=0.1))
    picture = np.zeros((2, 1, 14, 14), np.float32)
    picture[:, :, 4:10, 5:9] = image(2, 1, 6, 4)
    return n.finish(scores, picture, [3, 1], ties=True)


def wave(*shape):
    """The image of the tests on models: 0.5 + 0.5 sin(12.9898 (i + 1)), float32."""
    return (0.5 + 0.5 * np.sin(12.9898 * (np.arange(math.prod(shape)) + 1))).astype(np.float32).reshape(shape)


def sampled(gradient, most=2000):
    flat = gradient.reshape(-1)
    step = max(1, -(-flat.size // most)) | 1
    return {'step': step, 'largest': float(np.abs(flat).max()), 'values': base64.b64encode(flat[::step].astype(np.float32).tobytes()).decode()}


def model_case(path):
    import onnx
    from onnx import helper, numpy_helper
    model = onnx.load(path)
    version = model.opset_import[0].version
    assert version >= 9
    constants = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        attributes = {k: v.decode() if isinstance(v, bytes) else v for k, v in attributes.items()}
        nodes.append((node.op_type, list(node.input), list(node.output), attributes))
    source = next(i for i in model.graph.input if i.name not in constants)
    shape = [d.dim_value or 2 for d in source.type.tensor_type.shape.dim]
    labels = [3, 7][:shape[0]]
    weights = [k for k, v in constants.items() if v.dtype == np.float32 and v.size > 1]
    convolutions = [i[1] for o, i, _, _ in nodes if o in ('Conv', 'Gemm') and i[1] in weights]
    wanted = list(dict.fromkeys([convolutions[0], convolutions[len(convolutions) // 2], convolutions[-1]]))
    scores = model.graph.output[0].name
    loss, by_image, by_weights = differentiate(path.stem, nodes, constants, wave(*shape), labels, scores, wanted)
    return {'name': path.stem, 'input': source.name, 'shape': shape, 'labels': labels, 'scores': scores, 'loss': loss,
            'gradients': {source.name: sampled(by_image), **{k: sampled(v, 1000) for k, v in by_weights.items()}}}


def write(name, entries):
    text = json.dumps({'source': f'PyTorch {torch.__version__} float64, tools/net-gradient-reference.py', 'cases': entries}, separators=(',', ':'))
    (OUT / name).write_text(text.replace('{"name"', '\n{"name"') + '\n')
    print(name, len(entries), 'cases', (OUT / name).stat().st_size, 'bytes')


write('nets.json', [residual_net(False), residual_net(True), depthwise_net(), transformer(), pooling_net()])
if len(sys.argv) > 1:
    write('models.json', [model_case(path) for path in sorted(pathlib.Path(sys.argv[1]).glob('*.onnx'))])
