package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;

/**
 * What a request is for, exactly as it came: nothing is decoded, resolved or cut, because all of it
 * may be part of a key.
 *
 * @param path from the first slash to the question mark
 * @param query what follows the question mark; empty when there is none
 */
record RequestTarget(String path, String query) {

  static RequestTarget of(HttpServerExchange exchange) {
    String uri = exchange.getRequestURI();
    String path = exchange.isHostIncludedInRequestURI() ? withoutAuthority(uri) : uri;
    return new RequestTarget(path, exchange.getQueryString());
  }

  /** The path of an absolute URL, as proxies send it. */
  private static String withoutAuthority(String url) {
    int scheme = url.indexOf("://");
    int slash = url.indexOf('/', scheme < 0 ? 0 : scheme + 3);
    return slash < 0 ? "/" : url.substring(slash);
  }
}
