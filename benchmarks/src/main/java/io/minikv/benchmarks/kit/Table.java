package io.minikv.benchmarks.kit;

import java.util.ArrayList;
import java.util.List;

/** Prints rows of figures as a table that is also Markdown. */
public final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... headings) {
    this(List.of(headings));
  }

  public Table(List<String> headings) {
    rows.add(List.copyOf(headings));
  }

  public void row(String... cells) {
    row(List.of(cells));
  }

  public void row(List<String> cells) {
    if (cells.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException("A row has as many cells as there are headings.");
    }
    rows.add(List.copyOf(cells));
  }

  /** Prints it. */
  public void print() {
    IO.print(text());
  }

  /** Its lines. */
  public String text() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int index = 0; index < rows.size(); index++) {
      append(text, rows.get(index), widths);
      if (index == 0) {
        List<String> lines = new ArrayList<>();
        for (int width : widths) {
          lines.add("-".repeat(width));
        }
        append(text, lines, widths);
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, List<String> row, int[] widths) {
    text.append('|');
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      text.append(' ').append(cell).append(" ".repeat(widths[column] - cell.length())).append(" |");
    }
    text.append('\n');
  }
}
