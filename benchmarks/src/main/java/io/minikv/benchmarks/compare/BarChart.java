package io.minikv.benchmarks.compare;

import java.util.List;
import java.util.Locale;

/**
 * Lying bars, in panels with a scale of their own, as SVG.
 *
 * @param title of the whole
 */
record BarChart(String title, List<Panel> panels) {

  private static final int COLUMNS = 3;
  private static final int PANEL_WIDTH = 320;
  private static final int LABEL_WIDTH = 95;
  private static final int LONGEST_BAR = 145;
  private static final int BAR_HEIGHT = 14;
  private static final int BAR_STEP = 20;
  private static final int PANEL_TITLE = 28;
  private static final int PANEL_GAP = 18;
  private static final int MARGIN = 16;
  private static final int TITLE = 34;

  /** Bars on one scale. */
  record Panel(String title, List<Bar> bars) {

    private double greatest() {
      return bars.stream().mapToDouble(Bar::figure).max().orElse(1);
    }
  }

  /**
   * A bar.
   *
   * @param text the figure as it is written beside the bar
   * @param isOurs whether it stands out
   */
  record Bar(String label, double figure, String text, boolean isOurs) {}

  /** The whole picture. */
  String svg() {
    int most = panels.stream().mapToInt(panel -> panel.bars.size()).max().orElse(0);
    int panelHeight = PANEL_TITLE + most * BAR_STEP + PANEL_GAP;
    int lines = Math.ceilDiv(panels.size(), COLUMNS);
    int width = 2 * MARGIN + COLUMNS * PANEL_WIDTH;
    int height = MARGIN + TITLE + lines * panelHeight;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
        font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="#fff"/>
        <text x="%d" y="%d" font-size="15" font-weight="bold">%s</text>
        """
            .formatted(width, height, width, height, MARGIN, MARGIN + 12, escape(title)));
    for (int i = 0; i < panels.size(); i++) {
      int x = MARGIN + i % COLUMNS * PANEL_WIDTH;
      int y = MARGIN + TITLE + i / COLUMNS * panelHeight;
      append(svg, panels.get(i), x, y);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void append(StringBuilder svg, Panel panel, int left, int top) {
    svg.append(
        "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n"
            .formatted(left, top + 12, escape(panel.title)));
    double greatest = panel.greatest();
    for (int i = 0; i < panel.bars.size(); i++) {
      Bar bar = panel.bars.get(i);
      double length = greatest == 0 ? 0 : LONGEST_BAR * bar.figure / greatest;
      int y = top + PANEL_TITLE + i * BAR_STEP;
      svg.append(
          String.format(
              Locale.ROOT,
              """
              <text x="%d" y="%d" text-anchor="end">%s</text>
              <rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>
              <text x="%.1f" y="%d" fill="#555">%s</text>
              """,
              left + LABEL_WIDTH - 6,
              y + 11,
              escape(bar.label),
              left + LABEL_WIDTH,
              y,
              length,
              BAR_HEIGHT,
              bar.isOurs ? "#c2410c" : "#94a3b8",
              left + LABEL_WIDTH + length + 5,
              y + 11,
              escape(bar.text)));
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
