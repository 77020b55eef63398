package io.minikv.domain;

/** One change of one key, and the condition under which it happens. Immutable. */
public sealed interface Mutation {

  /** The key that is changed. */
  Key key();

  /** What must hold for the change to happen. */
  Condition condition();

  /**
   * Stores a value, with its attributes and expiry, in place of all that was under the key.
   *
   * @param key under which
   * @param value what
   * @param attributes stored with the value
   * @param expiry when the entry goes by itself
   * @param condition what must hold for it to happen
   */
  record Put(Key key, Value value, Attributes attributes, Expiry expiry, Condition condition)
      implements Mutation {

    /** A put without attributes, expiry and condition. */
    public static Put of(Key key, Value value) {
      return new Put(key, value, Attributes.none(), Expiry.never(), Condition.always());
    }

    /** The same with these attributes. */
    public Put with(Attributes newAttributes) {
      return new Put(key, value, newAttributes, expiry, condition);
    }

    /** The same with this expiry. */
    public Put with(Expiry newExpiry) {
      return new Put(key, value, attributes, newExpiry, condition);
    }

    /** The same under this condition. */
    public Put onlyIf(Condition newCondition) {
      return new Put(key, value, attributes, expiry, newCondition);
    }
  }

  /**
   * Makes a key absent. Deleting an absent key is no error and changes nothing.
   *
   * @param key which
   * @param condition what must hold for it to happen
   */
  record Delete(Key key, Condition condition) implements Mutation {

    /** A delete without a condition. */
    public static Delete of(Key key) {
      return new Delete(key, Condition.always());
    }

    /** The same under this condition. */
    public Delete onlyIf(Condition newCondition) {
      return new Delete(key, newCondition);
    }
  }
}
