/** How a protocol cuts its stream into frames. */
export interface Framing {
  readonly headerBytes: number;
  /** Of a whole frame, header included. */
  size(header: Buffer): number;
  /** Bytes at the beginning of the stream that are no frame. */
  readonly greetingBytes?: number;
}

/** Cuts a stream of bytes into frames, and shows the beginning of each. */
export class FrameReader {
  readonly #framing: Framing;
  readonly #see: (frame: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #skip: number;

  /** @param see gets each frame, whole */
  constructor(framing: Framing, see: (frame: Buffer) => void) {
    this.#framing = framing;
    this.#see = see;
    this.#skip = framing.greetingBytes ?? 0;
  }

  push(piece: Buffer): void {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    bytes = bytes.subarray(skipped);
    while (bytes.length >= this.#framing.headerBytes) {
      const size = this.#framing.size(bytes);
      if (bytes.length < size) break;
      this.#see(bytes.subarray(0, size));
      bytes = bytes.subarray(size);
    }
    this.#rest = bytes;
  }
}
