package io.minikv.adapter.http;

import io.minikv.domain.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the HTTP server runs. Immutable. {@link #DEFAULT} is a good start; the {@code with} methods
 * change one thing each.
 *
 * @param bindAddress the host name or address to listen on
 * @param port the port to listen on, 0 to 65,535; 0 takes any that is free
 * @param volumeId the name of this server in its answers
 * @param limits what it accepts at the most
 * @param timeouts how long it waits
 * @param backupDirectory below which backups go that clients ask for; nothing when they may not
 */
public record HttpServerConfig(
    String bindAddress,
    int port,
    String volumeId,
    Limits limits,
    Timeouts timeouts,
    Optional<Path> backupDirectory) {

  /**
   * Port 9002 of the loopback address, volume {@code vol-1}, {@link Limits#DEFAULT}, {@link
   * Timeouts#DEFAULT}, no backups.
   */
  public static final HttpServerConfig DEFAULT =
      new HttpServerConfig(
          "127.0.0.1", 9002, "vol-1", Limits.DEFAULT, Timeouts.DEFAULT, Optional.empty());

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when the address or volume is blank, or the port out of range
   */
  public HttpServerConfig {
    Ranges.require(!bindAddress.isBlank(), "The address to listen on is empty.");
    Ranges.require(!volumeId.isBlank(), "The volume id is empty.");
    Ranges.require(
        port >= 0 && port <= 65_535, "A port lies between 0 and 65535, not at " + port + ".");
  }

  /** The same, listening on another address. */
  public HttpServerConfig withBindAddress(String newBindAddress) {
    return new HttpServerConfig(newBindAddress, port, volumeId, limits, timeouts, backupDirectory);
  }

  /** The same, listening on another port. */
  public HttpServerConfig withPort(int newPort) {
    return new HttpServerConfig(bindAddress, newPort, volumeId, limits, timeouts, backupDirectory);
  }

  /** The same under another name. */
  public HttpServerConfig withVolumeId(String newVolumeId) {
    return new HttpServerConfig(bindAddress, port, newVolumeId, limits, timeouts, backupDirectory);
  }

  /** The same with other limits. */
  public HttpServerConfig withLimits(Limits newLimits) {
    return new HttpServerConfig(bindAddress, port, volumeId, newLimits, timeouts, backupDirectory);
  }

  /** The same with other timeouts. */
  public HttpServerConfig withTimeouts(Timeouts newTimeouts) {
    return new HttpServerConfig(bindAddress, port, volumeId, limits, newTimeouts, backupDirectory);
  }

  /** The same, with backups below a directory. */
  public HttpServerConfig withBackupDirectory(Path newBackupDirectory) {
    return new HttpServerConfig(
        bindAddress, port, volumeId, limits, timeouts, Optional.of(newBackupDirectory));
  }

  /**
   * What the server accepts at the most. What is beyond is refused with a clear answer, never
   * queued.
   *
   * @param maxRequestBytes the greatest length of a request body (413), 0 to {@link
   *     Value#MAX_LENGTH}
   * @param maxBodyBytesInFlight the greatest sum of the memory of bodies that are being received or
   *     written at one time (503); at least the smaller one of {@code maxRequestBytes} and 1 MiB. A
   *     body that cannot be streamed into the store, such as a batch, is not longer either (413)
   * @param maxConcurrentRequests how many requests may be under way at one time (503), from 1 on
   * @param maxConnections how many connections are accepted; who comes later waits for one to end.
   *     From 1 on
   */
  public record Limits(
      long maxRequestBytes,
      long maxBodyBytesInFlight,
      int maxConcurrentRequests,
      int maxConnections) {

    /** 100 MiB a body, 256 MiB of bodies, 4,096 requests, 10,000 connections. */
    public static final Limits DEFAULT = new Limits(100L << 20, 256L << 20, 4_096, 10_000);

    private static final long LEAST_BODY_BYTES = 1 << 20;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when one is out of range
     */
    public Limits {
      Ranges.require(
          maxRequestBytes >= 0 && maxRequestBytes <= Value.MAX_LENGTH,
          "The greatest request lies between 0 and "
              + Value.MAX_LENGTH
              + " bytes, not at "
              + maxRequestBytes
              + ".");
      Ranges.require(
          maxBodyBytesInFlight >= Math.min(maxRequestBytes, LEAST_BODY_BYTES),
          "At least one request, or 1 MiB of it, must fit into the "
              + maxBodyBytesInFlight
              + " bytes for bodies in flight.");
      Ranges.require(maxConcurrentRequests >= 1, "At least one request must be allowed at a time.");
      Ranges.require(maxConnections >= 1, "At least one connection must be allowed at a time.");
    }

    /** The same with another greatest body; room for at least one of it in flight is made. */
    public Limits withMaxRequestBytes(long newMaxRequestBytes) {
      return new Limits(
          newMaxRequestBytes,
          Math.max(maxBodyBytesInFlight, newMaxRequestBytes),
          maxConcurrentRequests,
          maxConnections);
    }

    /** The same with another greatest sum of bodies in flight. */
    public Limits withMaxBodyBytesInFlight(long newMaxBodyBytesInFlight) {
      return new Limits(
          maxRequestBytes, newMaxBodyBytesInFlight, maxConcurrentRequests, maxConnections);
    }

    /** The same with another number of connections. */
    public Limits withMaxConnections(int newMaxConnections) {
      return new Limits(
          maxRequestBytes, maxBodyBytesInFlight, maxConcurrentRequests, newMaxConnections);
    }
  }

  /**
   * How long the server waits for clients, and for requests under way when it closes. In
   * milliseconds all of them fit an int.
   *
   * @param requestHead from the first byte of a request to the end of its headers; then the
   *     connection is closed
   * @param idleConnection without a request; then the connection is closed
   * @param stalledTransfer without a byte moving in a body, in or out; then the connection is
   *     closed
   * @param drain for the requests under way, when the server closes; then their connections are
   *     closed
   */
  public record Timeouts(
      Duration requestHead, Duration idleConnection, Duration stalledTransfer, Duration drain) {

    private static final Duration LONGEST = Duration.ofDays(1);

    /** 10 s for a head, 60 s idle, 30 s stalled, 20 s to drain. */
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when one is shorter than a millisecond (the drain: negative)
     *     or longer than a day
     */
    public Timeouts {
      Ranges.requireTimeout(requestHead, "request head");
      Ranges.requireTimeout(idleConnection, "idle connection");
      Ranges.requireTimeout(stalledTransfer, "stalled transfer");
      Ranges.require(
          !drain.isNegative() && drain.compareTo(LONGEST) <= 0,
          "The drain takes between 0 s and a day, not " + drain + ".");
    }

    /** The same with another time to drain. */
    public Timeouts withDrain(Duration newDrain) {
      return new Timeouts(requestHead, idleConnection, stalledTransfer, newDrain);
    }
  }

  /** Apart from the constants, so that the classes above can be initialized in any order. */
  private static final class Ranges {

    private Ranges() {}

    static void requireTimeout(Duration timeout, String what) {
      require(
          timeout.toMillis() >= 1 && timeout.compareTo(Timeouts.LONGEST) <= 0,
          "The timeout of a " + what + " lies between 1 ms and a day, not at " + timeout + ".");
    }

    static void require(boolean condition, String message) {
      if (!condition) {
        throw new IllegalArgumentException(message);
      }
    }
  }
}
