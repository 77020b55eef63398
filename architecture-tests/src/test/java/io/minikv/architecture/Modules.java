package io.minikv.architecture;

import java.util.List;
import java.util.Set;

/** The modules, and who may depend on whom. */
final class Modules {

  private final String root;
  private final List<Module> all;

  private Modules(String root, List<Module> all) {
    this.root = root;
    this.all = all;
  }

  /** The table of modules, with its packages under {@code root}. */
  static Modules under(String root) {
    String domain = root + ".domain";
    String testkit = root + ".testkit";
    String engine = root + ".engine";
    String http = root + ".adapter.http";
    String cli = root + ".adapter.cli";
    String app = root + ".app";
    return new Modules(
        root,
        List.of(
            new Module(
                "domain", domain, Set.of(domain, domain + ".maintenance"), Set.of(), Set.of()),
            new Module(
                "testkit",
                testkit,
                Set.of(testkit, testkit + ".contract"),
                Set.of("domain"),
                Set.of("org.junit..", "org.assertj..", "org.awaitility..")),
            new Module(
                "storage-engine",
                engine,
                Set.of(engine),
                Set.of("domain"),
                Set.of(
                    "org.slf4j..",
                    "com.dynatrace.hash4j..",
                    "net.jpountz.lz4..",
                    "com.github.luben.zstd..")),
            new Module(
                "adapter-http",
                http,
                Set.of(http),
                Set.of("domain"),
                Set.of(
                    "io.undertow..",
                    "org.xnio..",
                    "tools.jackson..",
                    "io.prometheus..",
                    "org.slf4j..")),
            new Module(
                "adapter-cli",
                cli,
                Set.of(cli),
                Set.of("domain"),
                Set.of("picocli..", "org.jline..", "org.slf4j..")),
            new Module(
                "app",
                app,
                Set.of(app),
                Set.of("domain", "storage-engine", "adapter-http", "adapter-cli"),
                Set.of(
                    "dagger..",
                    "jakarta.inject..",
                    "javax.inject..",
                    "org.slf4j..",
                    "ch.qos.logback.."))));
  }

  /** The package that all of them live under. */
  String root() {
    return root;
  }

  List<Module> all() {
    return all;
  }

  Module named(String name) {
    return all.stream().filter(module -> module.name().equals(name)).findFirst().orElseThrow();
  }
}
