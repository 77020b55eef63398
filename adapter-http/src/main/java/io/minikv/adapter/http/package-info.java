/** The HTTP API: translates requests into calls of the port, and its answers into responses. */
@NullMarked
package io.minikv.adapter.http;

import org.jspecify.annotations.NullMarked;
