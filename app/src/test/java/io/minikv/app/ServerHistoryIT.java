package io.minikv.app;

import io.minikv.testkit.Tried;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What concurrent clients of the running server are told can have happened in one order: histories
 * of puts, deletes, compare-and-set and reads, with calls that are given up, some with a {@code
 * kill -9} in the middle, are linearizable for each key.
 */
class ServerHistoryIT {

  private static final int HISTORIES = 6;
  private static final int HISTORIES_OF_THOROUGH_RUN = 100;

  /** In every so many histories the server is killed, at a question that the seed chooses. */
  private static final int KILL_EVERY = 5;

  private static final int FIRST_KILL = 50;

  /** Small segments and an eager compaction, so that histories run across both. Quick to start. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "MINIKV_JAVA_OPTS", "-XX:TieredStopAtLevel=1",
          "SEGMENT_SIZE_MB", "1",
          "COMPACTION_INTERVAL_SECS", "1",
          "COMPACTION_THRESHOLD", "2");

  @TempDir private Path folder;

  private ProgramProcess server;

  @Tag("brief")
  @Test
  void histories_of_the_server_are_linearizable() throws InterruptedException {
    checkHistories(HISTORIES);
  }

  @Tag("thorough")
  @Test
  void many_histories_of_the_server_are_linearizable() throws InterruptedException {
    checkHistories(HISTORIES_OF_THOROUGH_RUN * Integer.getInteger("minikv.test.scale", 1));
  }

  private void checkHistories(int histories) throws InterruptedException {
    long first = Long.getLong("minikv.test.seed", System.nanoTime());
    IO.println("Histories: -Dminikv.test.seed=" + first);
    long calls = 0;
    long kills = 0;
    server = ProgramProcess.serve(folder, SETTINGS);
    try {
      for (int i = 0; i < histories; i++) {
        ServerHistory history = new ServerHistory(first + i);
        if (i % KILL_EVERY == KILL_EVERY - 1) {
          history.ask(
              server.url(), FIRST_KILL + (int) Math.floorMod(first + 37L * i, 300L), server::kill);
          server = ProgramProcess.serve(folder, SETTINGS);
          kills++;
        }
        history.ask(server.url());
        history.check();
        calls += history.size();
      }
    } finally {
      server.close();
    }
    new Tried("Histories of the server")
        .count("histories", histories)
        .count("calls", calls)
        .count("kills", kills)
        .seed(first);
  }
}
