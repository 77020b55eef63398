package io.minikv.app;

import io.minikv.adapter.http.HttpServerConfig;
import io.minikv.domain.StoreLimits;
import io.minikv.engine.CompactionOptions;
import io.minikv.engine.EngineOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Makes configurations of environment variables. What is not set has a default; what is wrong is
 * never replaced by one, but told, all of it at once.
 */
final class ConfigurationReader {

  private static final int BYTES_PER_MB_SHIFT = 20;

  private final Variables variables;
  private final long maxRequestBytes;

  private ConfigurationReader(Map<String, String> variables) {
    this.variables = new Variables(variables);
    // Of use to the store and to the server, and told once when it is wrong.
    this.maxRequestBytes = megabytes(this.variables.number("MAX_REQUEST_SIZE_MB", 100, 1, 1_024));
  }

  /**
   * The configuration of a server.
   *
   * @throws io.minikv.domain.InvalidRequestException when variables are wrong; one on each line
   */
  static ServerConfiguration server(Map<String, String> variables) {
    ConfigurationReader reader = new ConfigurationReader(variables);
    ServerConfiguration configuration =
        new ServerConfiguration(
            reader.dataDirectory(),
            reader.store(),
            reader.http(),
            reader.variables.flag("ACCESS_LOG", false));
    reader.variables.check();
    return configuration;
  }

  /**
   * The configuration of a command that opens a store and ends.
   *
   * @throws io.minikv.domain.InvalidRequestException when variables are wrong; one on each line
   */
  static StoreConfiguration command(Map<String, String> variables) {
    ConfigurationReader reader = new ConfigurationReader(variables);
    StoreConfiguration configuration = reader.store();
    reader.variables.check();
    return configuration;
  }

  private Path dataDirectory() {
    try {
      return Path.of(variables.text("DATA_DIR").orElse("data")).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      variables.mistake("DATA_DIR", "name a directory; " + e.getReason());
      return Path.of("data");
    }
  }

  private StoreConfiguration store() {
    EngineOptions fallback = EngineOptions.DEFAULT;
    EngineOptions options =
        fallback
            .withDurability(variables.choice("DURABILITY", fallback.durability()))
            .withForceInterval(
                Duration.ofMillis(variables.number("FORCE_INTERVAL_MS", 100, 1, 60_000)))
            .withSegmentBytes(megabytes(variables.number("SEGMENT_SIZE_MB", 64, 1, 1_024)))
            .withSnapshotBytes(megabytes(variables.number("SNAPSHOT_MB", 256, 1, 1 << 20)))
            .withCompaction(compaction())
            .withCompression(variables.choice("COMPRESSION", fallback.compression()))
            .withLimits(
                new StoreLimits(
                    maxRequestBytes,
                    StoreLimits.DEFAULT.maxBatchItems(),
                    StoreLimits.DEFAULT.maxBatchBytes()));
    return new StoreConfiguration(options, variables.choice("LOG_LEVEL", LogLevel.INFO));
  }

  private HttpServerConfig http() {
    String address = bindAddress();
    HttpServerConfig config =
        HttpServerConfig.DEFAULT
            .withBindAddress(address)
            .withPort(variables.number("PORT", HttpServerConfig.DEFAULT.port(), 0, 65_535))
            .withVolumeId(volumeId())
            .withLimits(
                MachineLimits.ofThisProcess()
                    .lower(HttpServerConfig.Limits.DEFAULT.withMaxRequestBytes(maxRequestBytes)));
    return backupDirectory().map(config::withBackupDirectory).orElse(config);
  }

  private Optional<Path> backupDirectory() {
    try {
      return variables.text("BACKUP_DIR").map(text -> Path.of(text).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      variables.mistake("BACKUP_DIR", "name a directory; " + e.getReason());
      return Optional.empty();
    }
  }

  private String bindAddress() {
    String name = "BIND_ADDRESS";
    String address = variables.text(name).orElse(HttpServerConfig.DEFAULT.bindAddress());
    boolean anybodyMayCome = variables.flag("ALLOW_ANONYMOUS", false);
    try {
      if (!InetAddress.getByName(address).isLoopbackAddress() && !anybodyMayCome) {
        variables.mistake(
            name,
            "other machines could reach it, and there is no check of who they are; listen on"
                + " 127.0.0.1, or let everybody read and write with ALLOW_ANONYMOUS=true");
      }
    } catch (UnknownHostException _) {
      variables.mistake(name, "give an address of this machine, such as 127.0.0.1 or 0.0.0.0");
    }
    return address.isBlank() ? HttpServerConfig.DEFAULT.bindAddress() : address;
  }

  private String volumeId() {
    String name = "VOLUME_ID";
    String fallback = HttpServerConfig.DEFAULT.volumeId();
    String id = variables.text(name).orElse(fallback);
    if (id.isBlank() || id.length() > 255 || id.chars().anyMatch(Character::isISOControl)) {
      variables.mistake(name, "give a name of 1 to 255 printable characters");
      return fallback;
    }
    return id;
  }

  private CompactionOptions compaction() {
    CompactionOptions fallback = CompactionOptions.DEFAULT;
    int seconds = (int) fallback.interval().toSeconds();
    return fallback
        .withInterval(
            Duration.ofSeconds(
                variables.number("COMPACTION_INTERVAL_SECS", seconds, 0, 31_536_000)))
        .withThreshold(variables.number("COMPACTION_THRESHOLD", fallback.threshold(), 1, 1_000_000))
        .withDeadRatio(
            variables.fraction("COMPACTION_DEAD_RATIO", fallback.deadRatio(), 0.05, 0.95))
        .withBytesPerSecond(megabytes(variables.number("COMPACTION_MB_PER_SEC", 0, 0, 100_000)));
  }

  private static long megabytes(int count) {
    return (long) count << BYTES_PER_MB_SHIFT;
  }
}
