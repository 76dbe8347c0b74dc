/** Appends a piece of a chunk to the parts that are held of a body. `chunkBytes` is the size of the piece's chunk. */
export type KeepPiece = (parts: Buffer[], piece: Buffer, chunkBytes: number) => void;

const blockBytes = 64 * 1024;
/** Smaller pieces are copied: a Buffer of their own costs as much. */
const smallBytes = 4096;

/**
 * Holds pieces where they are when they fill at least half of their chunk, and copies the others together. So what is held
 * takes about twice its own bytes at most, in few parts, whatever the chunks: tiny ones, or large ones that are nearly all white space.
 */
export function createPieceKeeper(): KeepPiece {
  let block = Buffer.alloc(0);
  let used = 0;

  function copyToBlock(piece: Buffer): void {
    if (block.length - used < piece.length) {
      block = Buffer.allocUnsafeSlow(Math.max(blockBytes, piece.length));
      used = 0;
    }
    piece.copy(block, used);
    used += piece.length;
  }

  return (parts, piece, chunkBytes) => {
    if (piece.length === 0) return;
    if (piece.length >= smallBytes && piece.length * 2 >= chunkBytes) {
      parts.push(piece);
      return;
    }
    copyToBlock(piece);
    const start = used - piece.length;
    const last = parts.at(-1);
    if (last?.buffer === block.buffer && last.byteOffset + last.length === start)
      parts[parts.length - 1] = block.subarray(last.byteOffset, used);
    else parts.push(block.subarray(start, used));
  };
}
