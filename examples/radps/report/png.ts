import { crc32, deflateSync } from 'node:zlib';

/** A picture of at most 256 colours. */
export interface IndexedPicture {
  readonly width: number;
  readonly height: number;
  /** [height, width] from the top left; each an index into the palette. */
  readonly pixels: Uint8Array;
  /** [colour, 4] red, green, blue, alpha, 0 … 255. */
  readonly palette: Uint8Array;
}

/** The bytes of an indexed-colour PNG file (ISO/IEC 15948:2004). */
export function encodePng({ width, height, pixels, palette }: IndexedPicture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = palette.length / 4;
  const rgb = Buffer.alloc(3 * colours);
  const alpha = Buffer.alloc(colours);
  for (let colour = 0; colour < colours; colour++) {
    rgb.set(palette.subarray(4 * colour, 4 * colour + 3), 3 * colour);
    alpha[colour] = palette[4 * colour + 3] ?? 255;
  }
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', rgb),
    ...(alpha.every((value) => value === 255) ? [] : [chunk('tRNS', alpha)]),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A picture as a `data:` URI, so that a page needs no other file. */
export function pngDataUri(picture: IndexedPicture): string {
  return `data:image/png;base64,${encodePng(picture).toString('base64')}`;
}
