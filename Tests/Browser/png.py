"""Pictures as the browser writes them: PNG of 8 bits a channel, not interlaced."""

import struct
import zlib


def pixels(data):
    """Width, height and the rows of a PNG, each as bytes of RGB or RGBA."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG")
    offset, compressed, header = 8, b"", None
    while offset < len(data):
        length, kind = struct.unpack(">I4s", data[offset:offset + 8])
        chunk = data[offset + 8:offset + 8 + length]
        checksum, = struct.unpack(">I", data[offset + 8 + length:offset + 12 + length])
        if zlib.crc32(kind + chunk) != checksum:
            raise ValueError(f"the checksum of {kind} is wrong")
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", chunk)
        elif kind == b"IDAT":
            compressed += chunk
        offset += 12 + length
    width, height, depth, colour, _, _, interlaced = header
    if depth != 8 or colour not in (2, 6) or interlaced:
        raise ValueError(f"depth {depth}, colour type {colour}: not what browsers write")
    step = 3 if colour == 2 else 4
    return width, height, list(_rows(zlib.decompress(compressed), width * step, height, step))


def _rows(raw, length, height, step):
    """Undoes the filters, of which each row has one."""
    above = bytearray(length)
    for number in range(height):
        start = number * (length + 1)
        kind, row = raw[start], bytearray(raw[start + 1:start + 1 + length])
        if kind == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, above))
        elif kind:
            for i in range(length):
                left = row[i - step] if i >= step else 0
                corner = above[i - step] if i >= step else 0
                row[i] = (row[i] + _predicted(kind, left, above[i], corner)) & 255
        above = row
        yield bytes(row)


def _predicted(kind, left, above, corner):
    if kind == 1:
        return left
    if kind == 3:
        return (left + above) // 2
    estimate = left + above - corner
    # The nearest of the three; the first of those that are equally near.
    return min((left, above, corner), key=lambda value: abs(estimate - value))


def colours(data):
    """How many pixels have which colour, counted in every fourth row."""
    width, _, rows = pixels(data)
    counts = {}
    for row in rows[::4]:
        step = len(row) // width
        for i in range(0, len(row), step):
            colour = row[i:i + 3]
            counts[colour] = counts.get(colour, 0) + 1
    return counts
