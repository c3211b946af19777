import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jpmml.evaluator.Evaluator;
import org.jpmml.evaluator.EvaluatorUtil;
import org.jpmml.evaluator.InputField;
import org.jpmml.evaluator.LoadingModelEvaluatorBuilder;
import org.jpmml.transpiler.InMemoryTranspiler;
import org.jpmml.transpiler.TranspilerTransformer;

/**
 * JPMML-Evaluator scoring rows in this process on one thread, for beside_pmml.py.
 *
 * <p>Arguments: a PMML file, "plain" or "transpiled", and for a single answer a CSV of rows.
 * Without the CSV it reads commands, one a line, and answers each with a line:
 *
 * <pre>
 * rows NAME CSV                    reads rows
 * answers NAME CSV                 writes what they give
 * warm WAY SECONDS                 scores all rows in turns; nanoseconds a row
 * measure NAME WAY COUNT SECONDS   times the first COUNT rows
 * load SECONDS COUNT               times COUNT loads, or as many as SECONDS allow, after SECONDS of
 *                                  them
 * </pre>
 */
final class JPMMLPeer {
  /** The rows of a file, in the forms that they are scored from. */
  private static final class Rows {
    final List<Map<String, Object>> cells = new ArrayList<>();
    final List<Map<String, Object>> objects = new ArrayList<>();
    final List<Map<String, Object>> prepared = new ArrayList<>();
  }

  /** Rows between two readings of the clock. */
  private static final int PART = 100;

  /** Keeps the compiler from leaving evaluations out. */
  private static volatile Object sink;

  private final File file;
  private final boolean isTranspiled;
  private final Evaluator evaluator;
  private final List<InputField> fields;
  private final Map<String, Rows> tables = new LinkedHashMap<>();

  private JPMMLPeer(File file, boolean isTranspiled) throws Exception {
    this.file = file;
    this.isTranspiled = isTranspiled;
    evaluator = load();
    fields = new ArrayList<>(evaluator.getInputFields());
  }

  /** As JPMML's README has it; the builder's own visitors optimise and intern. */
  private Evaluator load() throws Exception {
    LoadingModelEvaluatorBuilder builder = new LoadingModelEvaluatorBuilder();
    builder.load(file);
    if (isTranspiled) {
      builder.transform(new TranspilerTransformer(new InMemoryTranspiler(null)));
    }
    return builder.build();
  }

  private static Object parsed(InputField field, String cell) {
    if (cell == null) {
      return null;
    }
    switch (field.getDataType()) {
      case DOUBLE:
        return Double.valueOf(cell);
      case FLOAT:
        return Float.valueOf(cell);
      case INTEGER:
        return Integer.valueOf(cell);
      default:
        return cell;
    }
  }

  private Rows rows(String path) throws IOException {
    List<String> lines = Files.readAllLines(Path.of(path), StandardCharsets.UTF_8);
    List<String> header = Arrays.asList(lines.get(0).split(",", -1));
    Rows rows = new Rows();
    for (String line : lines.subList(1, lines.size())) {
      String[] texts = line.split(",", -1);
      Map<String, Object> cells = new HashMap<>();
      Map<String, Object> objects = new HashMap<>();
      for (InputField field : fields) {
        String text = texts[header.indexOf(field.getName())];
        String cell = text.isEmpty() ? null : text;
        cells.put(field.getName(), cell);
        objects.put(field.getName(), parsed(field, cell));
      }
      rows.cells.add(cells);
      rows.objects.add(objects);
      rows.prepared.add(prepare(objects));
    }
    return rows;
  }

  private Map<String, Object> prepare(Map<String, Object> row) {
    Map<String, Object> arguments = new HashMap<>();
    for (InputField field : fields) {
      arguments.put(field.getName(), field.prepare(row.get(field.getName())));
    }
    return arguments;
  }

  /** Scores rows from first on, as README's loop does. */
  private void score(Rows rows, String way, int first, int count) {
    for (int row = first; row < first + count; row++) {
      switch (way) {
        case "prepared":
          sink = evaluator.evaluate(rows.prepared.get(row));
          break;
        case "objects":
          sink = evaluator.evaluate(prepare(rows.objects.get(row)));
          break;
        case "cells":
          sink = evaluator.evaluate(prepare(rows.cells.get(row)));
          break;
        default:
          throw new IllegalArgumentException(way);
      }
    }
  }

  private void writeAnswers(Rows rows, String path) throws IOException {
    try (PrintWriter out = new PrintWriter(path, StandardCharsets.UTF_8)) {
      boolean isFirst = true;
      for (Map<String, Object> row : rows.cells) {
        Map<String, ?> results = EvaluatorUtil.decodeAll(evaluator.evaluate(prepare(row)));
        if (isFirst) {
          out.println(String.join(",", results.keySet()));
          isFirst = false;
        }
        List<String> words = new ArrayList<>();
        for (Object value : results.values()) {
          words.add(value == null ? "" : value.getClass().getSimpleName() + " " + value);
        }
        out.println(String.join(",", words));
      }
    }
  }

  private static com.sun.management.ThreadMXBean threads() {
    return (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  }

  /** Scores rows of all tables for so much processor time; nanoseconds a row. */
  private String warm(String way, double seconds) {
    long start = threads().getCurrentThreadCpuTime();
    int row = 0;
    long scored = 0;
    long taken = 0;
    while (taken < seconds * 1e9) {
      for (Rows rows : tables.values()) {
        score(rows, way, row % rows.cells.size(), 1);
        scored++;
      }
      row++;
      taken = threads().getCurrentThreadCpuTime() - start;
    }
    return String.valueOf(taken / (double) scored);
  }

  private static long collecting() {
    long milliseconds = 0;
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      milliseconds += bean.getCollectionTime();
    }
    return milliseconds;
  }

  /**
   * Scores the first COUNT rows again and again, at least three times. First, nanoseconds a row: of
   * each part of the rows the least processor time of this thread, so without garbage collection
   * and with little of what other programs do to the caches. Then the mean by the clock, that of
   * collection, and the bytes allocated.
   */
  private String measure(Rows rows, String way, int count, double seconds) {
    com.sun.management.ThreadMXBean bean = threads();
    long thread = Thread.currentThread().getId();
    long[] least = new long[(count + PART - 1) / PART];
    Arrays.fill(least, Long.MAX_VALUE);
    long allocated = bean.getThreadAllocatedBytes(thread);
    long collected = collecting();
    long begin = System.nanoTime();
    int passes = 0;
    do {
      for (int part = 0; part < least.length; part++) {
        int first = part * PART;
        long start = bean.getCurrentThreadCpuTime();
        score(rows, way, first, Math.min(PART, count - first));
        least[part] = Math.min(least[part], bean.getCurrentThreadCpuTime() - start);
      }
      passes++;
    } while (passes < 3 || System.nanoTime() - begin < seconds * 1e9);
    double scored = (double) passes * count;
    double clock = (System.nanoTime() - begin) / scored;
    double collection = (collecting() - collected) * 1e6 / scored;
    double bytes = (bean.getThreadAllocatedBytes(thread) - allocated) / scored;
    return Arrays.stream(least).sum() / (double) count + " " + clock + " " + collection + " "
        + bytes;
  }

  /** Milliseconds of each load. */
  private String loads(double seconds, int count) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      sink = load();
    } while (System.nanoTime() < end);
    StringBuilder words = new StringBuilder();
    end = System.nanoTime() + (long) (seconds * 1e9);
    for (int run = 0; run == 0 || run < count && System.nanoTime() < end; run++) {
      long start = System.nanoTime();
      sink = load();
      words.append((System.nanoTime() - start) / 1e6).append(' ');
    }
    return words.toString().trim();
  }

  private String answer(String[] words) throws Exception {
    switch (words[0]) {
      case "rows":
        tables.put(words[1], rows(words[2]));
        return "done";
      case "answers":
        writeAnswers(tables.get(words[1]), words[2]);
        return "done";
      case "warm":
        return warm(words[1], Double.parseDouble(words[2]));
      case "measure":
        return measure(
            tables.get(words[1]), words[2], Integer.parseInt(words[3]),
            Double.parseDouble(words[4]));
      case "load":
        return loads(Double.parseDouble(words[1]), Integer.parseInt(words[2]));
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }

  public static void main(String[] arguments) throws Exception {
    JPMMLPeer peer = new JPMMLPeer(new File(arguments[0]), arguments[1].equals("transpiled"));
    if (arguments.length > 2) {
      Map<String, Object> row = peer.rows(arguments[2]).prepared.get(0);
      System.out.println(EvaluatorUtil.decodeAll(peer.evaluator.evaluate(row)));
      return;
    }
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    System.out.println("ready " + System.getProperty("java.vm.version"));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      System.out.println(peer.answer(line.split(" ")));
    }
  }
}
