/**
 * The bytes on disk: encoding and decoding of everything that a store's files hold, as {@code
 * docs/format} specifies it. One class per kind of structure holds its constants. Nothing here does
 * input or output.
 */
@NullMarked
package io.minikv.engine.format;

import org.jspecify.annotations.NullMarked;
