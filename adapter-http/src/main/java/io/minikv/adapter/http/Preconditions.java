package io.minikv.adapter.http;

import io.minikv.domain.Condition;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Version;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that a request puts (RFC 9110, 13). For a write they become a {@link Condition},
 * so that the store decides them together with the write; a read decides them here, on the version
 * that it answers with.
 */
final class Preconditions {

  /** What the conditions of a read come to. */
  enum Outcome {
    /** Answer as without conditions. */
    PROCEED,
    /** 304: the client has it already. */
    NOT_MODIFIED,
    /** 412. */
    FAILED
  }

  private final Optional<EntityTags> ifMatch;
  private final Optional<EntityTags> ifNoneMatch;
  private final @Nullable String ifModifiedSince;
  private final @Nullable String ifUnmodifiedSince;

  private Preconditions(HeaderMap headers) {
    this.ifMatch = EntityTags.parse("If-Match", headers.get(Headers.IF_MATCH));
    this.ifNoneMatch = EntityTags.parse("If-None-Match", headers.get(Headers.IF_NONE_MATCH));
    this.ifModifiedSince = headers.getFirst(Headers.IF_MODIFIED_SINCE);
    this.ifUnmodifiedSince = headers.getFirst(Headers.IF_UNMODIFIED_SINCE);
  }

  static Preconditions of(HeaderMap requestHeaders) {
    return new Preconditions(requestHeaders);
  }

  // ---- reads

  /** What they come to for a blob that is there, in the order that the standard prescribes. */
  Outcome check(EntryInfo info) {
    boolean holds =
        ifMatch
            .map(tags -> tags.matchStrongly(info.version()))
            .orElseGet(() -> !isModifiedSince(info, ifUnmodifiedSince));
    if (!holds) {
      return Outcome.FAILED;
    }
    boolean alreadyThere =
        ifNoneMatch
            .map(tags -> tags.matchWeakly(info.version()))
            .orElseGet(() -> isUnmodifiedSince(info, ifModifiedSince));
    return alreadyThere ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
  }

  /** Whether they ask for a blob that is there, so that an absent one fails them. */
  boolean requirePresence() {
    return ifMatch.isPresent();
  }

  private static boolean isModifiedSince(EntryInfo info, @Nullable String date) {
    return HttpDates.parse(date).filter(since -> lastModified(info).isAfter(since)).isPresent();
  }

  private static boolean isUnmodifiedSince(EntryInfo info, @Nullable String date) {
    return HttpDates.parse(date).filter(since -> !lastModified(info).isAfter(since)).isPresent();
  }

  private static Instant lastModified(EntryInfo info) {
    return info.writtenAt().truncatedTo(ChronoUnit.SECONDS);
  }

  // ---- writes

  /**
   * The condition of a write.
   *
   * @param current what is known of the blob now; asked only for {@code If-Unmodified-Since}, which
   *     then becomes a condition on the version that was found, so that it too holds at the moment
   *     of the write
   */
  Condition forWrite(Supplier<Optional<EntryInfo>> current) {
    if (ifMatch.isPresent() && ifNoneMatch.isPresent()) {
      return both(ifMatch.get(), ifNoneMatch.get());
    }
    if (ifMatch.isPresent()) {
      return ifMatch.get().any()
          ? Condition.present()
          : Condition.versionAnyOf(ifMatch.get().strongVersions());
    }
    if (ifNoneMatch.isPresent()) {
      return ifNoneMatch.get().any()
          ? Condition.absent()
          : Condition.versionNoneOf(ifNoneMatch.get().allVersions());
    }
    return ifUnmodifiedSince == null ? Condition.always() : unmodifiedSince(current);
  }

  private Condition unmodifiedSince(Supplier<Optional<EntryInfo>> current) {
    if (HttpDates.parse(ifUnmodifiedSince).isEmpty()) {
      return Condition.always();
    }
    Optional<EntryInfo> found = current.get();
    if (found.isEmpty()) {
      return Condition.always();
    }
    return isModifiedSince(found.get(), ifUnmodifiedSince)
        ? Condition.versionAnyOf(Set.of())
        : Condition.versionIs(found.get().version());
  }

  private static Condition both(EntityTags match, EntityTags noneMatch) {
    if (noneMatch.any()) {
      return Condition.versionAnyOf(Set.of());
    }
    if (match.any()) {
      throw ProblemException.badRequest(
          "If-Match: * together with a list in If-None-Match is not offered. Name the tags that are allowed in If-Match.");
    }
    Set<Version> allowed = new HashSet<>(match.strongVersions());
    allowed.removeAll(noneMatch.allVersions());
    return Condition.versionAnyOf(allowed);
  }
}
