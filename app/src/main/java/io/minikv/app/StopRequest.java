package io.minikv.app;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the thread that runs the server that it is time to end. Thread-safe. */
final class StopRequest {

  private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final Thread server;

  /** For the server that runs on {@code server}. */
  StopRequest(Thread server) {
    this.server = server;
  }

  /** Asks for the end; asked again, for a quick one that waits for no client. */
  synchronized void ask(String why) {
    if (asked.getCount() > 0) {
      LOG.info("{}: finishing the requests under way. Once more, and they are cut off.", why);
      asked.countDown();
    } else {
      LOG.info("{} again: cutting off the requests under way.", why);
      server.interrupt();
    }
  }

  /** Waits until somebody asks. */
  void await() {
    try {
      asked.await();
    } catch (InterruptedException e) {
      // Only a second request interrupts, and it comes after the first.
      Thread.currentThread().interrupt();
    }
  }
}
