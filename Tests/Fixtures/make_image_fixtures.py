#!/usr/bin/env python3
# Part of Ridgeline. Licensed under the Apache License 2.0.
"""Writes images/: small JPEG and PNG files, and images.npz with what Pillow and torchvision make of them."""

import argparse
import os
import struct
import zlib

import numpy as np
import torch
from PIL import Image, PngImagePlugin
from torchvision import transforms

MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def picture(width, height, seed, noise=3):
    """Smooth colours with a few edges and a little noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    channels = [127 + 100 * np.sin(x / 9 + k) * np.cos(y / 7 - k) for k in range(3)]
    image = np.stack(channels, -1) + random.normal(0, noise, (height, width, 3))
    image[height // 4 : height // 2, width // 3 : width // 2] = [250, 5, 130]
    return np.clip(image, 0, 255).astype(np.uint8)


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def sixteen_bits(path, image, colour_type):
    """A PNG of 16 bits a channel, which Pillow does not write in colour."""
    height, width = image.shape[:2]
    rows = b"".join(b"\0" + image[row].astype(">u2").tobytes() for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def interlaced(path, image):
    """A PNG of 8-bit colours in Adam7's seven passes."""
    height, width = image.shape[:2]
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    rows = b"".join(
        b"\0" + row.tobytes() for y, x, dy, dx in passes for row in image[y::dy, x::dx] if row.size)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def write_files(folder):
    def save(name, image, **options):
        image.save(os.path.join(folder, name), **options)

    colours = picture(61, 43, 1)
    rgb = Image.fromarray(colours)
    alpha = Image.fromarray(np.linspace(0, 255, 61 * 43).astype(np.uint8).reshape(43, 61))
    save("rgb.jpg", rgb, quality=90, subsampling=2)
    save("full_chroma.jpg", rgb, quality=75, subsampling=0)
    save("progressive.jpg", Image.fromarray(picture(40, 75, 2)), quality=80, progressive=True)
    save("grey.jpg", rgb.convert("L"), quality=80)
    save("cmyk.jpg", rgb.convert("CMYK"), quality=90)
    exif = Image.Exif()
    exif[0x0112] = 6
    save("turned.jpg", rgb, quality=85, exif=exif)
    save("rgb.png", rgb)
    save("grey.png", rgb.convert("L"))
    save("bilevel.png", rgb.convert("1"))
    save("grey_alpha.png", Image.merge("LA", (rgb.convert("L"), alpha)))
    save("rgba.png", Image.merge("RGBA", (*rgb.split(), alpha)))
    save("palette.png", rgb.quantize(23), transparency=bytes([0, 100, 255]))
    extra = PngImagePlugin.PngInfo()
    extra.add(b"gAMA", struct.pack(">I", 100000))
    save("gamma.png", rgb, pnginfo=extra, transparency=(250, 5, 130))
    save("tiny.png", Image.fromarray(picture(1, 1, 3)))
    save("narrow.png", Image.fromarray(picture(3, 400, 4)))
    interlaced(os.path.join(folder, "interlaced.png"), colours)
    wide = colours[:17, :29].astype(np.uint16) * 256
    wide += np.random.default_rng(5).integers(0, 256, wide.shape, np.uint16)
    sixteen_bits(os.path.join(folder, "rgb16.png"), wide, 2)
    sixteen_bits(os.path.join(folder, "grey16.png"), wide[..., :1], 0)
    sixteen_bits(os.path.join(folder, "rgba16.png"), np.concatenate([wide, wide[..., :1]], -1), 6)
    return wide


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "images"))
    folder = parser.parse_args().output
    wide = write_files(folder)
    arrays = {}
    small = transforms.Compose([transforms.Resize(37), transforms.CenterCrop(32)])
    for name in sorted(os.listdir(folder)):
        if not name.endswith((".jpg", ".png")):
            continue
        image = Image.open(os.path.join(folder, name)).convert("RGB")
        arrays[f"{name}/pixels"] = np.asarray(image)
        arrays[f"{name}/crop"] = np.asarray(small(image))
    # Pillow turns 16-bit greys above 255 white: what we make of them is the value as 8 bits, rounded.
    rounded = ((wide.astype(np.int64) * 255 + 32767) // 65535).astype(np.uint8)
    arrays["rgb16.png/rounded"] = arrays["rgba16.png/rounded"] = rounded
    arrays["grey16.png/rounded"] = np.repeat(rounded[..., :1], 3, -1)
    # The whole transform at its own sizes, once up and once down.
    tensor = transforms.Compose([
        transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(), transforms.Normalize(MEAN, DEVIATION)])
    image = Image.open(os.path.join(folder, "rgb.jpg"))
    arrays["standard/rgb.jpg"] = tensor(image).permute(1, 2, 0).numpy()[::7, ::5].copy()
    large = picture(299, 261, 6, noise=0)
    arrays["standard/large.pixels"] = large
    arrays["standard/large"] = tensor(Image.fromarray(large)).permute(1, 2, 0).numpy()[::7, ::5].copy()
    np.savez_compressed(os.path.join(folder, "images.npz"), **arrays)


main()
