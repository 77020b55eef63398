package io.minikv.testkit;

import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteResult;
import io.minikv.testkit.FaultyKeyValueStore.Call;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** Cursors, readers and writers of a faulty store. */
final class FaultyHandles {

  private FaultyHandles() {}

  record FaultyCursor(Cursor cursor, Faults faults) implements Cursor {

    @Override
    public boolean next() {
      faults.pass(Call.NEXT);
      return cursor.next();
    }

    @Override
    public Key key() {
      return cursor.key();
    }

    @Override
    public EntryInfo info() {
      return cursor.info();
    }

    @Override
    public Value value() {
      return cursor.value();
    }

    @Override
    public int readKey(byte[] target) {
      return cursor.readKey(target);
    }

    @Override
    public int readValue(byte[] target) {
      return cursor.readValue(target);
    }

    @Override
    public void close() {
      cursor.close();
    }
  }

  record Reader(ValueReader reader, Faults faults) implements ValueReader {

    @Override
    public EntryInfo info() {
      return reader.info();
    }

    @Override
    public int read(long position, ByteBuffer target) {
      faults.pass(Call.READ);
      return reader.read(position, target);
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  record Writer(ValueWriter writer, Faults faults) implements ValueWriter {

    @Override
    public void write(ByteBuffer source) {
      faults.pass(Call.APPEND);
      writer.write(source);
    }

    @Override
    public long length() {
      return writer.length();
    }

    @Override
    public WriteResult commit(Durability durability) {
      faults.pass(Call.WRITE);
      return writer.commit(durability);
    }

    @Override
    public CompletionStage<WriteResult> commitAsync(Durability durability) {
      return faults.passLater(Call.WRITE, () -> writer.commitAsync(durability));
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
