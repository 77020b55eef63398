package io.minikv.adapter.http;

import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as this API writes it: names in snake case, in the order in which records declare them.
 * Thread-safe.
 */
final class Json {

  private final JsonMapper mapper =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  byte[] write(Object view) {
    return mapper.writeValueAsBytes(view);
  }

  JsonGenerator generator(OutputStream out) {
    return mapper.createGenerator(out);
  }
}
