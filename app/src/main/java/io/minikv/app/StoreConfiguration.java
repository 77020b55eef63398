package io.minikv.app;

import io.minikv.engine.EngineOptions;

/**
 * What is configured for every program that opens a store.
 *
 * @param options how the engine works
 * @param logLevel the least severe log lines that are wanted
 */
record StoreConfiguration(EngineOptions options, LogLevel logLevel) {}
