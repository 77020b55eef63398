package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RepairReport;
import io.minikv.domain.maintenance.StoreTools;
import io.minikv.domain.maintenance.VerificationReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tools that note what they were asked for, and find the damages that a test sets. */
final class ToolsStub implements StoreTools {

  final List<String> calls = new ArrayList<>();
  List<Damage> damages = List.of();
  String description = "";

  @Override
  public VerificationReport verify(Path directory, ProgressListener listener) {
    calls.add("verify " + directory);
    return report(listener);
  }

  @Override
  public void inspect(Path file, Appendable output) {
    calls.add("inspect " + file);
    try {
      output.append(description);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public RepairReport repair(Path damaged, Path target, ProgressListener listener) {
    calls.add("repair " + damaged + " " + target);
    listener.onProgress(1, 2);
    return new RepairReport(7, damages);
  }

  @Override
  public VerificationReport restore(Path checkpoint, Path target, ProgressListener listener) {
    calls.add("restore " + checkpoint + " " + target);
    return report(listener);
  }

  private VerificationReport report(ProgressListener listener) {
    listener.onProgress(50 << 20, 100 << 20);
    listener.onProgress(100 << 20, 100 << 20);
    return new VerificationReport(3, 1_000, 7, damages, Duration.ofMillis(5));
  }
}
