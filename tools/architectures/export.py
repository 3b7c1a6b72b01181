"""Exports one image classifier with random weights to ONNX and writes beside it what PyTorch computes.

    python tools/architectures/export.py '{"library": "timm", "model": "resnet18", "size": 64}' torchscript FOLDER

Writes FOLDER/model.onnx, FOLDER/image.f32 (one image in [0, 1], CHW), FOLDER/gradient.f32 (the gradient of its cross-entropy
by the image, CHW) and FOLDER/reference.json (loss, label, size, versions). Exporters: `torchscript` (dynamo=False, batch free),
`dynamo` (dynamo=True, batch fixed at 1, as `torch.onnx.export(model, (x,), path)` writes it), `keras` (Model.export).

Weights are those that the library draws at seed 0. Running statistics of batch norms are set from a batch of noise, as
without them activations of deep nets vanish or explode and there is no number to compare.
"""
import json
import os
import pathlib
import sys
import warnings

os.environ.setdefault('KERAS_BACKEND', 'torch')
os.environ.setdefault('HF_HUB_OFFLINE', '1')
warnings.filterwarnings('ignore')

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from torchvision_here import torchvision_module  # noqa: E402

LABEL = 1


class Logits(torch.nn.Module):
    """The scores alone of a classifier of transformers."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, image):
        return self.model(pixel_values=image).logits


def build(entry):
    library, arguments = entry['library'], entry.get('arguments', {})
    torchvision = torchvision_module()
    if library == 'torchvision':
        return torchvision.models.get_model(entry['model'], weights=None, **arguments)
    if library == 'timm':
        import timm
        return timm.create_model(entry['model'], pretrained=False, **arguments)
    import transformers
    config = transformers.AutoConfig.for_model(entry['model'], **arguments)
    config.architectures = []
    return Logits(transformers.AutoModelForImageClassification.from_config(config))


def settle_norms(model, shape):
    norms = [m for m in model.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm) and m.track_running_stats]
    if not norms:
        return
    momenta = [m.momentum for m in norms]
    for norm in norms:
        norm.momentum = None
    model.train()
    with torch.no_grad():
        model(torch.rand(16, *shape))
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum


def steady_image(draw, loss_of):
    """An image with its loss, its gradient and how much that changes, away from kinks: one whose gradient hardly changes when the image moves by a rounding error.

    A few of the many activations of a deep net always lie within rounding of a kink of ReLU or a tie of a maximum, and which side
    two implementations take is chance. Of up to four images the steadiest is taken.
    """
    best = None
    for _ in range(4):
        image = draw()
        (loss, gradient), (_, moved) = [gradient_of(loss_of, image * scale) for scale in (1, 1 + 1e-6)]
        change = ((gradient - moved).abs().max() / gradient.abs().max()).item()
        if best is None or change < best[0]:
            best = (change, image, loss, gradient)
        if change < 3e-4:
            break
    return best[1:] + best[:1]


def gradient_of(loss_of, image):
    """Loss of the first of two copies: on one image, the gradient of a BatchNorm before a transposition is wrong in PyTorch 2.13 (CPU)."""
    image = image.clone().requires_grad_(True)
    loss = loss_of(torch.cat((image, image)))
    (gradient,) = torch.autograd.grad(loss, image)
    return loss.item(), gradient.detach()


def export_torch(entry, exporter, path):
    torch.manual_seed(0)
    model = build(entry)
    shape = (3, entry['size'], entry['size'])
    settle_norms(model, shape)
    for module in model.modules():  # A last layer of zeros would make every gradient zero.
        if isinstance(module, torch.nn.Linear) and not module.weight.any():
            torch.nn.init.normal_(module.weight, std=0.02)
    model.eval()
    image, loss, gradient, change = steady_image(
        lambda: torch.rand(1, *shape), lambda x: F.cross_entropy(model(x)[:1], torch.tensor([LABEL])))
    names = {'input_names': ['image'], 'output_names': ['logits']}
    with torch.no_grad():
        if exporter == 'dynamo':
            torch.onnx.export(model, (image,), path, dynamo=True, verbose=False, **names)
            forget_traces(path)
        else:
            torch.onnx.export(model, (image,), path, dynamo=False, dynamic_axes={'image': {0: 'batch'}, 'logits': {0: 'batch'}}, **names)
    return image[0], loss, gradient[0], change


def forget_traces(path):
    """The exporter notes of each node by which lines, in which folders of this machine, it was made."""
    import onnx

    exported = onnx.load(path, load_external_data=False)
    graph = exported.graph
    for part in [graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer]:
        del part.metadata_props[:]
        part.doc_string = ''
    onnx.save(exported, path)


def settle_keras_norms(model, norms, size):
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    with torch.no_grad():
        model(torch.rand(16, size, size, 3), training=True)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum


def export_keras(entry, path):
    import keras
    keras.utils.set_random_seed(0)
    size = entry['size']
    model = getattr(keras.applications, entry['model'])(weights=None, input_shape=(size, size, 3), **entry.get('arguments', {}))
    settle_keras_norms(model, [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)], size)
    image, loss, gradient, change = steady_image(
        lambda: torch.rand(1, size, size, 3), lambda x: -torch.log(model(x, training=False)[0, LABEL]))
    model.export(path, format='onnx', verbose=False)
    return image[0].permute(2, 0, 1), loss, gradient[0].permute(2, 0, 1), change


def main():
    entry, exporter, folder = json.loads(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    path = str(folder / 'model.onnx')
    image, loss, gradient, change = export_keras(entry, path) if exporter == 'keras' else export_torch(entry, exporter, path)
    image.detach().contiguous().numpy().astype('<f4').tofile(folder / 'image.f32')
    gradient.contiguous().numpy().astype('<f4').tofile(folder / 'gradient.f32')
    library = sys.modules[entry['library']].__version__
    (folder / 'reference.json').write_text(json.dumps({
        'loss': loss, 'label': LABEL, 'ownChange': change, 'size': entry['size'], 'torch': torch.__version__, entry['library']: library}))


main()
