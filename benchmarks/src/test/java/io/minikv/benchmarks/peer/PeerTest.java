package io.minikv.benchmarks.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store has to do, so that comparing them means something. */
class PeerTest {

  private static final int ENTRIES = 300;

  @TempDir private Path directory;

  private Setup setup(boolean durable) {
    return new Setup(directory, ENTRIES, key(0).length, value(0).length, durable, false);
  }

  private static byte[] key(int number) {
    return "key-%012d".formatted(number).getBytes(US_ASCII);
  }

  private static byte[] value(int number) {
    return "value-%06d".formatted(number).getBytes(US_ASCII);
  }

  private static byte[] read(Peer.Session session, int number) {
    byte[] into = new byte[value(0).length];
    int length = session.get(key(number), into);
    return length == Peer.Session.ABSENT ? null : Arrays.copyOf(into, length);
  }

  @ParameterizedTest
  @EnumSource
  void gives_back_what_was_put_last(PeerKind kind) {
    try (Peer peer = kind.open(setup(false));
        Peer.Session session = peer.session()) {
      session.put(key(1), value(1));
      session.put(key(2), value(2));
      session.put(key(1), value(3));

      assertThat(read(session, 1)).isEqualTo(value(3));
      assertThat(read(session, 2)).isEqualTo(value(2));
      assertThat(read(session, 4)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void lets_the_caller_reuse_the_array_of_a_key(PeerKind kind) {
    try (Peer peer = kind.open(setup(false));
        Peer.Session session = peer.session()) {
      byte[] key = new byte[key(0).length];
      for (int i = 0; i < ENTRIES; i++) {
        System.arraycopy(key(i), 0, key, 0, key.length);
        session.put(key, value(i));
      }

      for (int i = 0; i < ENTRIES; i++) {
        assertThat(read(session, i)).isEqualTo(value(i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void has_everything_after_it_was_closed_and_opened_again(PeerKind kind) {
    try (Peer peer = kind.open(setup(false));
        Peer.Session session = peer.session()) {
      session.put(key(1), value(1));
    }
    try (Peer peer = kind.open(setup(false));
        Peer.Session session = peer.session()) {
      assertThat(read(session, 1)).isEqualTo(value(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void scans_in_the_order_of_keys_where_it_has_one(PeerKind kind) {
    assumeTrue(kind.isOrdered(), kind.title() + " has no order.");
    try (Peer peer = kind.open(setup(false));
        Peer.Session session = peer.session()) {
      for (int i = ENTRIES - 1; i >= 0; i--) {
        session.put(key(i), value(i));
      }
      List<String> seen = new ArrayList<>();

      int count =
          session.scan(
              key(7),
              3,
              (key, keyLength, value, valueLength) ->
                  seen.add(
                      new String(key, 0, keyLength, US_ASCII)
                          + "="
                          + new String(value, 0, valueLength, US_ASCII)));

      assertThat(count).isEqualTo(3);
      assertThat(seen)
          .containsExactly(
              "key-000000000007=value-000007",
              "key-000000000008=value-000008",
              "key-000000000009=value-000009");
      assertThat(session.scan(key(ENTRIES - 2), 9, (_, _, _, _) -> {})).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void puts_durably_or_says_that_it_cannot(PeerKind kind) {
    if (!kind.canForce()) {
      assertThatThrownBy(() -> kind.open(setup(true)))
          .isInstanceOf(UnsupportedOperationException.class);
      return;
    }
    try (Peer peer = kind.open(setup(true));
        Peer.Session session = peer.session()) {
      session.put(key(1), value(1));

      assertThat(read(session, 1)).isEqualTo(value(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void says_how_it_is_opened(PeerKind kind) {
    assertThat(kind.title()).isNotBlank();
    assertThat(kind.configuration()).isNotBlank();
  }
}
