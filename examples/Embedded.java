import io.minikv.domain.Cursor;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Value;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import java.nio.file.Path;

/**
 * MiniKV inside a program of one's own. Build it once with {@code mvn package}, then:
 *
 * <pre>java -cp 'app/target/minikv/lib/*' examples/Embedded.java my-data</pre>
 */
final class Embedded {

  public static void main(String[] args) {
    try (SegmentedStore store = SegmentedStore.open(Path.of(args[0]), EngineOptions.DEFAULT)) {
      store.put(Key.of("user:1"), Value.of("Ada"));
      store.put(Key.of("user:2"), Value.of("Grace"));

      store.get(Key.of("user:1")).ifPresent(entry -> System.out.println(entry.value().utf8()));

      try (Cursor users = store.scan(KeyRange.prefix("user:"))) {
        while (users.next()) {
          System.out.println(users.key() + " = " + users.value().utf8());
        }
      }
    }
  }
}
