package io.minikv.engine.filter;

import java.util.Objects;

/**
 * How large a blocked Bloom filter is, and how bits are set in it (Putze, Sanders, Singler: Cache-,
 * Hash- and Space-Efficient Bloom Filters, 2007). The filter is an array of blocks of {@value
 * #BLOCK_BITS} bits, a cache line each; the upper half of a key's hash chooses the block, and all
 * probes of the key are bits of that block, so that a lookup touches one place only.
 *
 * <p>The bits themselves lie in byte arrays, or in a file of which a block is read at a time.
 * Immutable; threads that add to the same array must take turns.
 *
 * @param blocks how many blocks there are, from 1 on
 * @param probes how many bits a key sets, 1 to {@value #MAX_PROBES}
 */
public record FilterShape(int blocks, int probes) {

  /** The number of bits of a block. */
  public static final int BLOCK_BITS = 512;

  /** The length of a block, in bytes. */
  public static final int BLOCK_LENGTH = BLOCK_BITS / Byte.SIZE;

  /** The greatest number of bits that a key sets. */
  public static final int MAX_PROBES = 16;

  /** The greatest number of blocks, so that all bits fit one array. */
  public static final int MAX_BLOCKS = Integer.MAX_VALUE / BLOCK_LENGTH - 1;

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** So many upper bits of a number tell a bit of a block. */
  private static final int SHIFT_TO_BIT = Long.SIZE - Integer.numberOfTrailingZeros(BLOCK_BITS);

  /** Checks the ranges. */
  public FilterShape {
    Objects.checkIndex(blocks - 1, MAX_BLOCKS);
    Objects.checkIndex(probes - 1, MAX_PROBES);
  }

  /** The length of all blocks, in bytes. */
  public int length() {
    return blocks * BLOCK_LENGTH;
  }

  /** The block of a hash, from 0 on. */
  public int block(long hash) {
    return (int) (((hash >>> 32) * blocks) >>> 32);
  }

  /** Sets the bits of a hash in the array of all blocks. */
  public void add(byte[] bits, long hash) {
    int at = block(hash) * BLOCK_LENGTH;
    long mixed = hash * GOLDEN_GAMMA;
    for (int i = 0; i < probes; i++) {
      int bit = (int) (mixed >>> SHIFT_TO_BIT);
      bits[at + (bit >>> 3)] |= (byte) (1 << (bit & 7));
      mixed *= GOLDEN_GAMMA;
    }
  }

  /**
   * Whether the hash may have been added: always true when it was.
   *
   * @param bits holds the hash's {@link #block}
   * @param at where that block begins
   */
  public boolean mayContain(byte[] bits, int at, long hash) {
    long mixed = hash * GOLDEN_GAMMA;
    for (int i = 0; i < probes; i++) {
      int bit = (int) (mixed >>> SHIFT_TO_BIT);
      if ((bits[at + (bit >>> 3)] & (1 << (bit & 7))) == 0) {
        return false;
      }
      mixed *= GOLDEN_GAMMA;
    }
    return true;
  }
}
