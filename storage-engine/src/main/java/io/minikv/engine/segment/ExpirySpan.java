package io.minikv.engine.segment;

import io.minikv.engine.format.Frame;

/**
 * How many bytes of a segment expire, and when the first and the last of them do: enough to
 * estimate how many have expired at a moment, as if they did so evenly in between. The records of a
 * segment were written one after the other, mostly with the same time to live, so that this comes
 * close.
 *
 * <p>Thread-safe.
 */
public final class ExpirySpan {

  private long bytes;
  private long firstMillis = Long.MAX_VALUE;
  private long lastMillis = Long.MIN_VALUE;

  /** Takes a record into account, whether it expires or not. */
  public void add(long expiresAtMillis, long frameLength) {
    if (Frame.isExpired(expiresAtMillis, Long.MAX_VALUE)) {
      addExpiring(expiresAtMillis, frameLength);
    }
  }

  private synchronized void addExpiring(long expiresAtMillis, long frameLength) {
    bytes += frameLength;
    firstMillis = Math.min(firstMillis, expiresAtMillis);
    lastMillis = Math.max(lastMillis, expiresAtMillis);
  }

  /** About how many bytes have expired at a moment, in milliseconds since 1970. */
  public synchronized long expiredBytes(long nowMillis) {
    if (nowMillis < firstMillis) {
      return 0;
    }
    if (nowMillis >= lastMillis) {
      return bytes;
    }
    double part = (double) (nowMillis - firstMillis) / (lastMillis - firstMillis);
    return (long) (part * bytes);
  }
}
