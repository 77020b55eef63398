package io.minikv.adapter.http;

import io.minikv.domain.Version;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entity tags of an {@code If-Match} or {@code If-None-Match} header (RFC 9110, 13.1). The tag
 * of a blob is its version in decimal, in quotes; it is strong, and clients should take it as it
 * is.
 *
 * @param any whether the header is {@code *}
 * @param strong what stands in the quotes of each strong tag
 * @param weak the same of each weak tag
 */
record EntityTags(boolean any, Set<String> strong, Set<String> weak) {

  private static final EntityTags ANY = new EntityTags(true, Set.of(), Set.of());

  EntityTags {
    strong = Set.copyOf(strong);
    weak = Set.copyOf(weak);
  }

  /** The tag of a version, with its quotes. */
  static String of(Version version) {
    return "\"" + version + "\"";
  }

  /** The tags of a header; nothing when the request has no such header. */
  static Optional<EntityTags> parse(String header, @Nullable List<String> lines) {
    if (lines == null || lines.isEmpty()) {
      return Optional.empty();
    }
    String list = String.join(",", lines).strip();
    return Optional.of(list.equals("*") ? ANY : new EntityTagParser(header, list).parse());
  }

  /** Whether a version is among the strong tags: how {@code If-Match} compares. */
  boolean matchStrongly(Version version) {
    return any || strong.contains(version.toString());
  }

  /** Whether a version is among the tags, weak ones too: how {@code If-None-Match} compares. */
  boolean matchWeakly(Version version) {
    return matchStrongly(version) || weak.contains(version.toString());
  }

  /**
   * The versions of the strong tags. A tag that no version can have is left out: it matches
   * nothing.
   */
  Set<Version> strongVersions() {
    return versions(strong);
  }

  /** The versions of all tags. */
  Set<Version> allVersions() {
    return Stream.of(strong, weak)
        .flatMap(tags -> versions(tags).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<Version> versions(Set<String> tags) {
    return tags.stream()
        .flatMap(tag -> version(tag).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<Version> version(String tag) {
    boolean canonical =
        !tag.isEmpty() && tag.charAt(0) != '0' && tag.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!canonical) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Version(Long.parseLong(tag)));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
