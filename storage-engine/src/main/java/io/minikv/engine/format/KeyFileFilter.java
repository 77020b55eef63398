package io.minikv.engine.format;

/**
 * The layout of the filter of a key file: pages of {@value #BLOCKS_PER_PAGE} blocks of a blocked
 * Bloom filter, fewer in the last one, each with a checksum behind them. See {@code
 * docs/format/key-file.md}.
 */
public final class KeyFileFilter {

  /** The number of blocks of a page. */
  public static final int BLOCKS_PER_PAGE = 64;

  /** The length of a checksum, in bytes. */
  public static final int CHECKSUM_LENGTH = 4;

  /** The length of a whole page, in bytes. */
  public static final int PAGE_LENGTH = BLOCKS_PER_PAGE * 64 + CHECKSUM_LENGTH;

  private static final int BLOCK_LENGTH = 64;

  private KeyFileFilter() {}

  /** The length of a page of so many blocks. */
  public static int pageLength(int blocks) {
    return blocks * BLOCK_LENGTH + CHECKSUM_LENGTH;
  }
}
