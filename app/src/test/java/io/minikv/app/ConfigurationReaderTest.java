package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Durability;
import io.minikv.domain.InvalidRequestException;
import io.minikv.engine.CompactionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {

  @Test
  void everythingHasADefault() {
    ServerConfiguration configuration = ConfigurationReader.server(Map.of());

    assertThat(configuration.dataDirectory()).isEqualTo(Path.of("data").toAbsolutePath());
    assertThat(configuration.http().bindAddress()).isEqualTo("127.0.0.1");
    assertThat(configuration.http().port()).isEqualTo(9002);
    assertThat(configuration.http().volumeId()).isEqualTo("vol-1");
    assertThat(configuration.http().limits().maxRequestBytes()).isEqualTo(100L << 20);
    assertThat(configuration.store().options().compaction()).isEqualTo(CompactionOptions.DEFAULT);
    assertThat(configuration.store().options().durability()).isEqualTo(Durability.ALWAYS);
    assertThat(configuration.store().options().segmentBytes()).isEqualTo(64L << 20);
    assertThat(configuration.store().options().snapshotBytes()).isEqualTo(256L << 20);
    assertThat(configuration.store().logLevel()).isEqualTo(LogLevel.INFO);
    assertThat(configuration.accessLog()).isFalse();
  }

  @Test
  void everythingCanBeSet() {
    ServerConfiguration configuration =
        ConfigurationReader.server(
            Map.ofEntries(
                Map.entry("PORT", "0"),
                Map.entry("VOLUME_ID", "Größe 7"),
                Map.entry("DATA_DIR", "/var/lib/minikv/../kv"),
                Map.entry("COMPACTION_THRESHOLD", "9"),
                Map.entry("COMPACTION_INTERVAL_SECS", "0"),
                Map.entry("COMPACTION_DEAD_RATIO", "0.25"),
                Map.entry("COMPACTION_MB_PER_SEC", "20"),
                Map.entry("MAX_REQUEST_SIZE_MB", "1024"),
                Map.entry("BIND_ADDRESS", "0.0.0.0"),
                Map.entry("ALLOW_ANONYMOUS", "true"),
                Map.entry("BACKUP_DIR", "/var/backups/kv"),
                Map.entry("DURABILITY", "interval"),
                Map.entry("FORCE_INTERVAL_MS", "250"),
                Map.entry("SEGMENT_SIZE_MB", "16"),
                Map.entry("SNAPSHOT_MB", "1048576"),
                Map.entry("LOG_LEVEL", "DEBUG"),
                Map.entry("ACCESS_LOG", "true")));

    assertThat(configuration.dataDirectory()).isEqualTo(Path.of("/var/lib/kv"));
    assertThat(configuration.http().bindAddress()).isEqualTo("0.0.0.0");
    assertThat(configuration.http().port()).isZero();
    assertThat(configuration.http().backupDirectory()).contains(Path.of("/var/backups/kv"));
    assertThat(configuration.http().volumeId()).isEqualTo("Größe 7");
    assertThat(configuration.http().limits().maxRequestBytes()).isEqualTo(1024L << 20);
    assertThat(configuration.store().options().compaction())
        .isEqualTo(new CompactionOptions(Duration.ZERO, 9, 0.25, 20L << 20));
    assertThat(configuration.store().options().limits().maxValueBytes()).isEqualTo(1024L << 20);
    assertThat(configuration.store().options().durability()).isEqualTo(Durability.INTERVAL);
    assertThat(configuration.store().options().forceInterval()).isEqualTo(Duration.ofMillis(250));
    assertThat(configuration.store().options().segmentBytes()).isEqualTo(16L << 20);
    assertThat(configuration.store().options().snapshotBytes()).isEqualTo(1L << 40);
    assertThat(configuration.store().logLevel()).isEqualTo(LogLevel.DEBUG);
    assertThat(configuration.accessLog()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PORT|65536|give a whole number from 0 to 65535",
        "PORT|-1|give a whole number from 0 to 65535",
        "PORT|9002x|give a whole number from 0 to 65535",
        "PORT|99999999999999999999|give a whole number from 0 to 65535",
        "PORT|٣|give a whole number from 0 to 65535",
        "VOLUME_ID|' '|give a name of 1 to 255 printable characters",
        "COMPACTION_THRESHOLD|0|give a whole number from 1 to 1000000",
        "COMPACTION_DEAD_RATIO|half|give a number from 0.05 to 0.95",
        "COMPACTION_DEAD_RATIO|0.96|give a number from 0.05 to 0.95",
        "COMPACTION_MB_PER_SEC|-1|give a whole number from 0 to 100000",
        "COMPACTION_INTERVAL_SECS|1.5|give a whole number from 0 to 31536000",
        "MAX_REQUEST_SIZE_MB|1025|give a whole number from 1 to 1024",
        "ALLOW_ANONYMOUS|1|give true or false",
        "ACCESS_LOG|yes|give true or false",
        "DURABILITY|fsync|give one of os, interval, always",
        "FORCE_INTERVAL_MS|0|give a whole number from 1 to 60000",
        "SEGMENT_SIZE_MB|0|give a whole number from 1 to 1024",
        "SNAPSHOT_MB|1048577|give a whole number from 1 to 1048576",
        "LOG_LEVEL|loud|give one of error, warn, info, debug, trace",
        "BIND_ADDRESS|no.such.host.invalid|give an address of this machine, such as 127.0.0.1 or 0.0.0.0",
      })
  void aMistakeNamesTheVariableTheValueAndWhatIsRight(String name, String value, String advice) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> ConfigurationReader.server(Map.of(name, value)))
        .withMessage(name + "=" + value + " is wrong: " + advice);
  }

  @Test
  void allMistakesAreToldAtOnceOneOnEachLine() {
    Map<String, String> wrong =
        Map.of("PORT", "x", "DURABILITY", "y", "SEGMENT_SIZE_MB", "z", "MAX_REQUEST_SIZE_MB", "-");
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> ConfigurationReader.server(wrong))
        .satisfies(e ->
            assertThat(List.of(e.getMessage().split("\n")))
                .hasSize(4)
                .allMatch(line -> line.contains(" is wrong: ")));
  }

  @Test
  void anAddressThatOthersReachHasToBeAgreedTo() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> ConfigurationReader.server(Map.of("BIND_ADDRESS", "0.0.0.0")))
        .withMessageContaining("BIND_ADDRESS=0.0.0.0 is wrong: other machines could reach it")
        .withMessageContaining("ALLOW_ANONYMOUS=true");
    assertThat(ConfigurationReader.server(Map.of("BIND_ADDRESS", "::1")).http().bindAddress())
        .isEqualTo("::1");
    assertThat(ConfigurationReader.server(Map.of("BIND_ADDRESS", "localhost")).http().bindAddress())
        .isEqualTo("localhost");
  }

  @Test
  void anEmptyVariableCountsAsNotSetAndAnUnknownOneIsLeftAlone() {
    assertThat(
            ConfigurationReader.server(Map.of("PORT", "", "DATA_DIR", "", "MINIKV_COLOUR", "red")))
        .isEqualTo(ConfigurationReader.server(Map.of()));
  }

  @Test
  void aCommandLooksAtWhatConcernsTheStoreAlone() {
    assertThat(ConfigurationReader.command(Map.of("PORT", "x", "DURABILITY", "os")).options())
        .extracting("durability")
        .isEqualTo(Durability.OS);
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> ConfigurationReader.command(Map.of("DURABILITY", "x")));
  }
}
