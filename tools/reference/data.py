"""Reference values for the tests of src/data and src/sources, from PyTorch and NumPy. Prints them; run by hand."""
import base64, io
import numpy as np
import torch
import torch.nn.functional as F

image = (torch.arange(5 * 7).reshape(1, 1, 5, 7) * 37) % 251
for height, width in [(3, 4), (7, 8), (5, 3)]:
    resized = F.interpolate(image.double(), size=(height, width), mode="bilinear", antialias=True)
    print(height, width, [round(v, 3) for v in resized.flatten().tolist()])

x = (np.arange(3 * 2 * 2 * 3) * 7).astype(np.uint8).reshape(3, 2, 2, 3)
y = np.array([2, 0, 1])
for name, save in [("savez", np.savez), ("savez_compressed", np.savez_compressed)]:
    buffer = io.BytesIO()
    save(buffer, x_test=x, y_test=y)
    print(name, base64.b64encode(buffer.getvalue()).decode())
for name, array in [("float64", np.array([[[0.0, 0.25], [0.5, 1.0]]])), ("fortran", np.asfortranarray(np.zeros((2, 3), np.uint8))),
                    ("big-endian", np.zeros(2, ">f4")), ("objects", np.array([1, "a"], object)), ("scalar", np.uint8(3))]:
    buffer = io.BytesIO()
    np.save(buffer, array)
    print(name, base64.b64encode(buffer.getvalue()).decode())

# Files of the formats that people have, as the libraries themselves write them; six images of 2 x 2 pixels, as PNG.
import json, pickle, tarfile
from PIL import Image
import pyarrow
import pyarrow.parquet as parquet

pixels = (np.arange(6 * 2 * 2 * 3) * 5 % 256).astype(np.uint8).reshape(6, 2, 2, 3)
files = []
for image in pixels:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    files.append(buffer.getvalue())
features = {"image": {"_type": "Image"}, "label": {"names": ["cat", "dog", "eel"], "_type": "ClassLabel"}}
table = pyarrow.table({
    "image": pyarrow.array([{"bytes": file, "path": f"{i}.png"} for i, file in enumerate(files)],
                           pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])),
    "label": pyarrow.array([0, 2, 1, 0, 2, 1], pyarrow.int64()),
}).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
for compression, version in [("snappy", "1.0"), ("zstd", "2.0")]:
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, row_group_size=4, compression=compression, data_page_version=version)
    print("parquet", compression, version, base64.b64encode(buffer.getvalue()).decode())
buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
    for i, file in enumerate(files):
        for name, content in [(f"{'long/' * 30}{i:04d}.png", file), (f"{'long/' * 30}{i:04d}.cls", str(i % 3).encode())]:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
print("tar", base64.b64encode(buffer.getvalue()).decode())
for protocol in [2, 3, 4, 5]:
    batch = {b"labels": [7, 1], b"data": np.stack([np.full(3072, 3), np.full(3072, 250)]).astype(np.uint8), b"filenames": [b"a.png", b"b.png"]}
    print("pickle", protocol, base64.b64encode(__import__("zlib").compress(pickle.dumps(batch, protocol), 9)).decode())
