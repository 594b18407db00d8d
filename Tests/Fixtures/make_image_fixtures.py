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


def png(path, samples, bits, colour_type, interlaced=False, palette=None):
    """A PNG of (height, width, channels) samples of so many bits, in Adam7's seven passes where wanted: Pillow writes
    neither these nor 16 bits in colour."""
    height, width = samples.shape[:2]
    adam7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]

    def packed(row):
        if bits == 16:
            return row.astype(">u2").tobytes()
        places = np.arange(bits - 1, -1, -1)
        return np.packbits(row.reshape(-1, 1) >> places & 1).tobytes()

    rows = b"".join(
        b"\0" + packed(row)
        for y, x, dy, dx in (adam7 if interlaced else [(0, 0, 1, 1)]) for row in samples[y::dy, x::dx] if row.size)
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, int(interlaced))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        if palette is not None:
            file.write(chunk(b"PLTE", palette.tobytes()))
        file.write(chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def segment(marker, content):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def stray_bytes(path, jpeg):
    """The JPEG with bytes between its header's segments that belong to none."""
    stray = [b"\0", b"\xc4\0\x1f", b"\xff", b"\xff\0", b"JFIF\xff\xff"]
    result, place = jpeg[:2], 2
    while jpeg[place + 1] != 0xDA:
        end = place + 2 + struct.unpack(">H", jpeg[place + 2 : place + 4])[0]
        result += stray[len(result) % len(stray)] + jpeg[place:end]
        place = end
    with open(path, "wb") as file:
        file.write(result + stray[1] + jpeg[place:])


def many_scans(path):
    """A progressive JPEG in which every coefficient has a scan of its own: a flat one, then rising ones."""
    def scan(first, last, bits):
        bits += "1" * (-len(bits) % 8)
        content = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)).replace(b"\xff", b"\xff\0")
        return segment(0xDA, bytes([1, 1, 0, first, last, 0])) + content

    def table(kind, symbols):
        # Codes 0, 10, 110, …
        lengths = [1] * len(symbols) + [0] * (16 - len(symbols))
        return segment(0xC4, bytes([kind] + lengths + symbols))

    with open(path, "wb") as file:
        file.write(b"\xff\xd8" + segment(0xDB, bytes([0] + [2 + k // 4 for k in range(64)])))
        file.write(segment(0xC2, struct.pack(">BHHB", 8, 19, 21, 1) + bytes([1, 0x11, 0])))
        # Differences of 3 bits for DC, and for AC a value of 2 or 4 bits or the block's end.
        file.write(table(0x00, [3, 6]) + table(0x10, [0x00, 0x02, 0x04]))
        file.write(scan(0, 0, "".join("0" + bits for bits in ["111", "000", "110", "101", "010", "100", "100", "011", "101"])))
        for k in range(1, 64):
            blocks = ["0", "10" + "11", "110" + "0101", "10" + "00", "0", "110" + "1010", "0", "10" + "10", "0"]
            file.write(scan(k, k, "".join(blocks[(block * k + k) % 9] for block in range(9))))
        file.write(b"\xff\xd9")


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
    place = lambda name: os.path.join(folder, name)
    png(place("interlaced.png"), colours, 8, 2, interlaced=True)
    wide = colours[:17, :29].astype(np.uint16) * 256
    wide += np.random.default_rng(5).integers(0, 256, wide.shape, np.uint16)
    kinds = {"rgb16": (wide, 2), "grey16": (wide[..., :1], 0), "rgba16": (np.concatenate([wide, wide[..., :1]], -1), 6),
             "grey_alpha16": (wide[..., 1:], 4)}
    for name, (samples, colour_type) in kinds.items():
        png(place(f"{name}.png"), samples, 16, colour_type)
        png(place(f"interlaced_{name}.png"), samples, 16, colour_type, interlaced=True)
    # One pixel wide: most of Adam7's passes are empty.
    png(place("interlaced_narrow16.png"), wide[:, :1], 16, 2, interlaced=True)
    small = colours[..., :1] >> 4
    png(place("interlaced_grey4.png"), small, 4, 0, interlaced=True)
    png(place("interlaced_bilevel.png"), small >> 3, 1, 0, interlaced=True)
    png(place("interlaced_palette.png"), small, 4, 3, interlaced=True, palette=picture(16, 1, 7, noise=40))
    with open(place("rgb.jpg"), "rb") as file:
        stray_bytes(place("stray.jpg"), file.read())
    many_scans(place("many_scans.jpg"))
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
    for prefix in ["", "interlaced_"]:
        arrays[f"{prefix}rgb16.png/rounded"] = arrays[f"{prefix}rgba16.png/rounded"] = rounded
        arrays[f"{prefix}grey16.png/rounded"] = np.repeat(rounded[..., :1], 3, -1)
        arrays[f"{prefix}grey_alpha16.png/rounded"] = np.repeat(rounded[..., 1:2], 3, -1)
    arrays["interlaced_narrow16.png/rounded"] = rounded[:, :1]
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
