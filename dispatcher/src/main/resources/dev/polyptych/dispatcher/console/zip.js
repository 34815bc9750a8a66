// A ZIP archive without compression: pictures are compressed already.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  return c
})

/** Makes an archive of [{name, bytes}]. Names must be ASCII. */
export function zip(files) {
  const parts = []
  const directory = []
  let offset = 0
  for (const { name, bytes } of files) {
    const path = new TextEncoder().encode(name)
    const common = header(path.length, bytes)
    const local = concat([0x50, 0x4b, 3, 4], common, path, bytes)
    directory.push(concat([0x50, 0x4b, 1, 2, 20, 0], common, new Uint8Array(10), u32(offset), path))
    parts.push(local)
    offset += local.length
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0)
  const count = u16(files.length)
  const end = concat([0x50, 0x4b, 5, 6, 0, 0, 0, 0], count, count, u32(size), u32(offset), [0, 0])
  return new Blob([...parts, ...directory, end], { type: 'application/zip' })
}

/** The fields common to the local header and the directory entry; the date is 1 January 1980. */
function header(nameLength, bytes) {
  const size = u32(bytes.length)
  return concat([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0], u32(crc(bytes)), size, size, u16(nameLength), [0, 0])
}

function crc(bytes) {
  let c = 0xffffffff
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

function u16(n) {
  return [n & 255, n >>> 8]
}

function u32(n) {
  return [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24]
}

function concat(...pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
