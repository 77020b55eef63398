package io.minikv.testkit;

import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions.Direction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the order of their keys, immutable: a change gives another tree that shares all but
 * the changed path with this one. Whoever holds a tree holds a view that never changes, at no cost.
 *
 * <p>An AVL tree: the heights of two siblings differ by one at the most.
 */
final class EntryTree {

  static final EntryTree EMPTY = new EntryTree(null);

  private final @Nullable Node root;

  private EntryTree(@Nullable Node root) {
    this.root = root;
  }

  Optional<Entry> get(Key key) {
    Node node = root;
    while (node != null) {
      int order = key.compareTo(node.entry.key());
      if (order == 0) {
        return Optional.of(node.entry);
      }
      node = order < 0 ? node.left : node.right;
    }
    return Optional.empty();
  }

  /** The tree with this entry in place of what was under its key. */
  EntryTree with(Entry entry) {
    return new EntryTree(insert(root, entry));
  }

  /** The tree without an entry under this key. */
  EntryTree without(Key key) {
    return new EntryTree(remove(root, key));
  }

  /** The entries of a range, in the order of their keys or against it. */
  Iterator<Entry> iterator(KeyRange range, Direction direction) {
    return new Walk(root, range, direction == Direction.FORWARDS);
  }

  private static Node insert(@Nullable Node node, Entry entry) {
    if (node == null) {
      return new Node(null, entry, null);
    }
    int order = entry.key().compareTo(node.entry.key());
    if (order == 0) {
      return new Node(node.left, entry, node.right);
    }
    return order < 0
        ? balanced(insert(node.left, entry), node.entry, node.right)
        : balanced(node.left, node.entry, insert(node.right, entry));
  }

  private static @Nullable Node remove(@Nullable Node node, Key key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.entry.key());
    if (order < 0) {
      return balanced(remove(node.left, key), node.entry, node.right);
    }
    if (order > 0) {
      return balanced(node.left, node.entry, remove(node.right, key));
    }
    if (node.right == null) {
      return node.left;
    }
    return balanced(node.left, first(node.right).entry, withoutFirst(node.right));
  }

  private static Node first(Node node) {
    Node first = node;
    while (first.left != null) {
      first = first.left;
    }
    return first;
  }

  private static @Nullable Node withoutFirst(Node node) {
    return node.left == null
        ? node.right
        : balanced(withoutFirst(node.left), node.entry, node.right);
  }

  /** A node of two balanced trees whose heights differ by two at the most. */
  private static Node balanced(@Nullable Node left, Entry entry, @Nullable Node right) {
    if (left != null && left.height > height(right) + 1) {
      Node inner = left.right;
      return inner == null || height(left.left) >= inner.height
          ? new Node(left.left, left.entry, new Node(inner, entry, right))
          : new Node(
              new Node(left.left, left.entry, inner.left),
              inner.entry,
              new Node(inner.right, entry, right));
    }
    if (right != null && right.height > height(left) + 1) {
      Node inner = right.left;
      return inner == null || height(right.right) >= inner.height
          ? new Node(new Node(left, entry, inner), right.entry, right.right)
          : new Node(
              new Node(left, entry, inner.left),
              inner.entry,
              new Node(inner.right, right.entry, right.right));
    }
    return new Node(left, entry, right);
  }

  private static int height(@Nullable Node node) {
    return node == null ? 0 : node.height;
  }

  private static final class Node {
    final @Nullable Node left;
    final Entry entry;
    final @Nullable Node right;
    final int height;

    Node(@Nullable Node left, Entry entry, @Nullable Node right) {
      this.left = left;
      this.entry = entry;
      this.right = right;
      this.height = 1 + Math.max(EntryTree.height(left), EntryTree.height(right));
    }
  }

  /** Goes through a range; holds the nodes that are still to be visited, the next one on top. */
  private static final class Walk implements Iterator<Entry> {

    private final KeyRange range;
    private final boolean forwards;
    private final Deque<Node> pending = new ArrayDeque<>();

    Walk(@Nullable Node root, KeyRange range, boolean forwards) {
      this.range = range;
      this.forwards = forwards;
      descend(root);
    }

    /** Puts the way to the first entry of a subtree that is not before the range on the stack. */
    private void descend(@Nullable Node subtree) {
      Node node = subtree;
      while (node != null) {
        if (isBeforeRange(node)) {
          node = forwards ? node.right : node.left;
        } else {
          pending.push(node);
          node = forwards ? node.left : node.right;
        }
      }
    }

    private boolean isBeforeRange(Node node) {
      Key key = node.entry.key();
      return forwards ? range.isBelow(key) : range.isAbove(key);
    }

    @Override
    public boolean hasNext() {
      return !pending.isEmpty() && range.contains(pending.element().entry.key());
    }

    @Override
    public Entry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Node node = pending.pop();
      descend(forwards ? node.right : node.left);
      return node.entry;
    }
  }
}
