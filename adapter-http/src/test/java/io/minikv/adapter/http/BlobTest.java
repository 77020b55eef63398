package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.StoreLimits;
import io.minikv.testkit.InMemoryKeyValueStore;
import io.minikv.testkit.MutableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blobs over HTTP: writing, reading, conditions, ranges, keys. */
class BlobTest {

  private final MutableClock clock = new MutableClock(Instant.parse("2030-05-06T07:08:09.750Z"));
  private final InMemoryKeyValueStore store = new InMemoryKeyValueStore(clock, StoreLimits.DEFAULT);
  private final TestServer http = new TestServer(TestServer.CONFIG, store, store, clock);

  @AfterEach
  void stopAndFindLeaks() {
    Awaitility.await().untilAsserted(() -> assertThat(store.openHandles()).isZero());
    http.close();
    store.close();
  }

  // ---- writing and reading

  @Test
  void putSaysWhetherTheBlobIsNew() {
    assertThat(http.put("/blobs/a", "1").statusCode()).isEqualTo(201);
    assertThat(http.put("/blobs/a", "2").statusCode()).isEqualTo(200);
    http.delete("/blobs/a");
    assertThat(http.put("/blobs/a", "3").statusCode()).isEqualTo(201);
  }

  @Test
  void theEntityTagIsStrongQuotedAndTheSameEverywhere() {
    HttpResponse<String> put = http.put("/blobs/a", "1");
    String tag = TestServer.etag(put);
    assertThat(tag).matches("\"[^\"]+\"");
    assertThat("\"" + TestServer.json(put).get("etag").asString() + "\"").isEqualTo(tag);
    assertThat(TestServer.etag(http.get("/blobs/a"))).isEqualTo(tag);
    assertThat(TestServer.etag(http.head("/blobs/a"))).isEqualTo(tag);
    assertThat(TestServer.etag(http.put("/blobs/a", "1")))
        .as("after the same bytes again")
        .isNotEqualTo(tag);
  }

  @Test
  void theContentTypeIsGivenBack() {
    http.put(
        "/blobs/a",
        "<p>",
        "Content-Type",
        "text/html; charset=utf-8",
        "Content-Encoding",
        "identity");
    HttpResponse<String> response = http.get("/blobs/a");
    assertThat(response.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(response.headers().firstValue("Content-Encoding")).contains("identity");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    http.put("/blobs/a", "<p>");
    assertThat(http.get("/blobs/a").headers().firstValue("Content-Type"))
        .contains("application/octet-stream");
  }

  @Test
  void theTypeThatEveryBlobHasIsNotStored() {
    http.put("/blobs/a", "1", "Content-Type", "application/octet-stream");
    assertThat(store.info(Key.of("a")).orElseThrow().attributes().isEmpty()).isTrue();
    assertThat(http.get("/blobs/a").headers().firstValue("Content-Type"))
        .contains("application/octet-stream");
  }

  @Test
  void headTellsAllButTheBytes() {
    http.put("/blobs/a", "12345", "Content-Type", "text/plain");
    HttpResponse<String> response = http.head("/blobs/a");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("Content-Length")).contains("5");
    assertThat(response.headers().firstValue("Content-Type")).contains("text/plain");
    assertThat(response.headers().firstValue("Last-Modified"))
        .contains("Mon, 06 May 2030 07:08:09 GMT");
    assertThat(response.headers().firstValue("Accept-Ranges")).contains("bytes");
    HttpResponse<String> absent = http.head("/blobs/absent");
    assertThat(absent.statusCode()).isEqualTo(404);
    assertThat(absent.body()).isEmpty();
  }

  @Test
  void anEmptyBlobIsABlob() {
    assertThat(http.put("/blobs/empty", "").statusCode()).isEqualTo(201);
    HttpResponse<String> response = http.get("/blobs/empty");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("Content-Length")).contains("0");
  }

  @ParameterizedTest
  @ValueSource(ints = {65_535, 65_536, 65_537, 131_072, 5_000_001})
  void bytesComeBackAsTheyWere(int length) throws Exception {
    byte[] bytes = randomBytes(length);
    assertThat(putBytes("/blobs/big", bytes).statusCode()).isEqualTo(201);
    HttpResponse<byte[]> response = getBytes("/blobs/big");
    assertThat(response.body()).isEqualTo(bytes);
    assertThat(response.headers().firstValue("Content-Length")).contains(Integer.toString(length));
  }

  @Test
  void aBodyWithoutALengthIsStoredWhole() throws Exception {
    byte[] bytes = randomBytes(300_000);
    HttpRequest request =
        HttpRequest.newBuilder(http.uri("/blobs/chunked"))
            .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
            .build();
    assertThat(http.client().send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    assertThat(getBytes("/blobs/chunked").body()).isEqualTo(bytes);
  }

  @Test
  void aTimeToLiveEndsABlob() {
    assertThat(http.put("/blobs/a", "1", "Content-Type", "text/plain").statusCode()).isEqualTo(201);
    assertThat(http.put("/blobs/a?ttl=10", "2").statusCode()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(9));
    assertThat(http.get("/blobs/a").body()).isEqualTo("2");
    clock.advance(Duration.ofSeconds(1));
    assertThat(http.get("/blobs/a").statusCode()).isEqualTo(404);
    assertThat(http.get("/blobs").body()).isEqualTo("[]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ttl=0",
        "ttl=-1",
        "ttl=x",
        "ttl=",
        "ttl=99999999999999999999",
        "ttl=9999999999",
        "ttl=1&ttl=2",
        "durability=maybe",
        "durabilty=always"
      })
  void aWrongParameterIsRefusedAndNothingIsWritten(String query) {
    HttpResponse<String> response = http.put("/blobs/a?" + query, "1");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @Test
  void aBodyThatIsTooLongIsRefusedAlsoWhileItIsSent() throws Exception {
    HttpServerConfig.Limits limits = HttpServerConfig.Limits.DEFAULT.withMaxRequestBytes(1_000);
    try (TestServer small = TestServer.of(TestServer.CONFIG.withLimits(limits), store)) {
      assertThat(small.put("/blobs/a", "x".repeat(5_000_000)).statusCode()).isEqualTo(413);
    }
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"always", "interval", "os", "ALWAYS"})
  void aWriteMayAskForADurability(String durability) {
    assertThat(http.put("/blobs/a?durability=" + durability, "1").statusCode()).isEqualTo(201);
    assertThat(http.delete("/blobs/a?durability=" + durability).statusCode()).isEqualTo(204);
  }

  // ---- conditions

  @Test
  void ifMatchWritesOnlyOverTheVersionThatIsThere() {
    String first = TestServer.etag(http.put("/blobs/a", "1"));
    String second = TestServer.etag(http.put("/blobs/a", "2", "If-Match", first));
    HttpResponse<String> stale = http.put("/blobs/a", "3", "If-Match", first);
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(TestServer.etag(stale)).isEqualTo(second);
    assertThat(TestServer.json(stale).get("type").asString())
        .isEqualTo("urn:minikv:problem:condition-failed");
    assertThat(http.delete("/blobs/a", "If-Match", first).statusCode()).isEqualTo(412);
    assertThat(http.get("/blobs/a").body()).isEqualTo("2");
    assertThat(http.delete("/blobs/a", "If-Match", "\"x\", " + second).statusCode()).isEqualTo(204);
  }

  @Test
  void aWeakTagNeverMatchesIfMatch() {
    String tag = TestServer.etag(http.put("/blobs/a", "1"));
    assertThat(http.put("/blobs/a", "2", "If-Match", "W/" + tag).statusCode()).isEqualTo(412);
    assertThat(http.get("/blobs/a", "If-Match", "W/" + tag).statusCode()).isEqualTo(412);
  }

  @Test
  void aTagWithoutQuotesIsRefusedRatherThanMissed() {
    http.put("/blobs/a", "1");
    assertThat(http.put("/blobs/a", "2", "If-Match", "1").statusCode()).isEqualTo(400);
  }

  @Test
  void ifMatchAnyNeedsABlob() {
    assertThat(http.put("/blobs/a", "1", "If-Match", "*").statusCode()).isEqualTo(412);
    assertThat(http.get("/blobs/a", "If-Match", "*").statusCode()).isEqualTo(412);
    http.put("/blobs/a", "1");
    assertThat(http.put("/blobs/a", "2", "If-Match", "*").statusCode()).isEqualTo(200);
  }

  @Test
  void ifNoneMatchAnyCreatesOnce() {
    List<CompletableFuture<Integer>> attempts =
        IntStream.range(0, 16)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> http.put("/blobs/once", "by " + i, "If-None-Match", "*").statusCode()))
            .toList();
    List<Integer> statuses = attempts.stream().map(CompletableFuture::join).toList();
    assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 412);
  }

  @Test
  void ifNoneMatchOfTheCurrentTagSparesTheBytes() {
    String tag = TestServer.etag(http.put("/blobs/a", "1"));
    HttpResponse<String> unchanged = http.get("/blobs/a", "If-None-Match", "\"0\", W/" + tag);
    assertThat(unchanged.statusCode()).isEqualTo(304);
    assertThat(unchanged.body()).isEmpty();
    assertThat(TestServer.etag(unchanged)).isEqualTo(tag);
    assertThat(http.head("/blobs/a", "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(http.get("/blobs/a", "If-None-Match", "\"0\"").statusCode()).isEqualTo(200);
    assertThat(http.put("/blobs/a", "2", "If-None-Match", tag).statusCode()).isEqualTo(412);
  }

  @Test
  void datesOfModificationAreConditionsToo() {
    http.put("/blobs/a", "1");
    String same = "Mon, 06 May 2030 07:08:09 GMT";
    String before = "Mon, 06 May 2030 07:08:08 GMT";
    assertThat(http.get("/blobs/a", "If-Modified-Since", same).statusCode()).isEqualTo(304);
    assertThat(http.get("/blobs/a", "If-Modified-Since", before).statusCode()).isEqualTo(200);
    assertThat(http.get("/blobs/a", "If-Unmodified-Since", before).statusCode()).isEqualTo(412);
    assertThat(http.put("/blobs/a", "2", "If-Unmodified-Since", before).statusCode())
        .isEqualTo(412);
    assertThat(http.put("/blobs/a", "2", "If-Unmodified-Since", same).statusCode()).isEqualTo(200);
  }

  // ---- ranges

  @Test
  void aRangeIsAPartOfASmallBlob() {
    String tag = TestServer.etag(http.put("/blobs/a", "0123456789"));
    HttpResponse<String> part = http.get("/blobs/a", "Range", "bytes=2-4");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("234");
    assertThat(part.headers().firstValue("Content-Range")).contains("bytes 2-4/10");
    assertThat(http.get("/blobs/a", "Range", "bytes=-3").body()).isEqualTo("789");
    assertThat(http.get("/blobs/a", "Range", "bytes=7-").body()).isEqualTo("789");
    assertThat(http.get("/blobs/a", "Range", "bytes=0-0,2-2").body()).isEqualTo("0123456789");
    assertThat(http.get("/blobs/a", "Range", "bytes=2-4", "If-Range", tag).statusCode())
        .isEqualTo(206);
    assertThat(http.get("/blobs/a", "Range", "bytes=2-4", "If-Range", "\"0\"").statusCode())
        .isEqualTo(200);
    assertThat(http.head("/blobs/a", "Range", "bytes=2-4").statusCode()).isEqualTo(200);
  }

  @Test
  void aRangeIsAPartOfALargeBlob() throws Exception {
    byte[] bytes = randomBytes(400_000);
    putBytes("/blobs/big", bytes);
    HttpResponse<byte[]> part = getBytes("/blobs/big", "Range", "bytes=65530-200001");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes, 65_530, 200_002));
  }

  @Test
  void aRangeBeyondTheEndCannotBeSatisfied() throws Exception {
    http.put("/blobs/a", "0123456789");
    HttpResponse<String> response = http.get("/blobs/a", "Range", "bytes=10-");
    assertThat(response.statusCode()).isEqualTo(416);
    assertThat(response.headers().firstValue("Content-Range")).contains("bytes */10");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    putBytes("/blobs/big", randomBytes(100_000));
    assertThat(getBytes("/blobs/big", "Range", "bytes=100000-").statusCode()).isEqualTo(416);
  }

  // ---- keys

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b",
        "a%2Fb",
        "..",
        "../../etc/passwd",
        ".",
        "a/./b/../c",
        "/a",
        "a//b",
        "a/",
        "a;b=1",
        "a+b",
        "%2e%2e",
        "a%20b%C3%A9",
        "%00%FF%80",
        "a:b@c!$&'()*,=~",
        "blobs/blobs/",
        "%252F",
        "...",
        ".%2e",
        "%2e.",
        "a.%41",
        "..%2f..",
        "a..b/..c",
        ".;x=1/..;y",
        "a%3Fb%23c"
      })
  void anyKeyIsDataAndNeverResolvedOrRedirected(String path) {
    byte[] key = PercentCoding.decodePath(path);
    assertThat(http.put("/blobs/" + path, "value of it").statusCode()).isEqualTo(201);
    assertThat(store.exists(Key.copyOf(key))).isTrue();
    assertThat(store.count(KeyRange.all())).isEqualTo(1);
    assertThat(http.get("/blobs/" + path).body()).isEqualTo("value of it");
    assertThat(http.get("/blobs/" + PercentCoding.encode(key)).body()).isEqualTo("value of it");
    assertThat(http.delete("/blobs/" + path).statusCode()).isEqualTo(204);
    assertThat(store.count(KeyRange.all())).isZero();
  }

  @Test
  void theLongestKeyFitsWithEveryByteEscaped() {
    String path = "/blobs/" + "%C3".repeat(Key.MAX_LENGTH);
    assertThat(http.put(path, "1").statusCode()).isEqualTo(201);
    assertThat(http.get(path).body()).isEqualTo("1");
    assertThat(http.put(path + "x", "1").statusCode()).isEqualTo(414);
  }

  @Test
  void aKeyThatIsNoTextIsNamedByItsPercentEncodedForm() {
    HttpResponse<String> response = http.put("/blobs/%FFabc%2F", "1");
    assertThat(response.body()).startsWith("{\"key\":{\"percent_encoded\":\"%FFabc%2F\"},\"etag\"");
  }

  @Test
  void anEmptyKeyIsRefused() {
    HttpResponse<String> response = http.put("/blobs/", "1");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(TestServer.json(response).get("error").asString()).startsWith("The key is empty.");
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private HttpResponse<String> putBytes(String target, byte[] bytes)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(http.uri(target)).PUT(BodyPublishers.ofByteArray(bytes)).build();
    return http.client().send(request, BodyHandlers.ofString());
  }

  private HttpResponse<byte[]> getBytes(String target, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(http.uri(target));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.client().send(request.build(), BodyHandlers.ofByteArray());
  }
}
