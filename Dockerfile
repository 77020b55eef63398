# syntax=docker/dockerfile:1

# ---- build: the same command as ./minikv uses; the poms of all modules, the sources of the program.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -Dmaven.test.skip=true -pl app -am package

# ---- run: a Java runtime, the assembled folder, and a user who owns nothing but the data.
FROM eclipse-temurin:25-jre
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 minikv \
    && useradd --system --uid 10001 --gid minikv --no-create-home --shell /usr/sbin/nologin minikv \
    && install -d -o minikv -g minikv -m 0750 /data
COPY --from=build /src/app/target/minikv /opt/minikv

# A container is reached from outside it, so it listens on every address. Whoever starts it has to agree
# to that with ALLOW_ANONYMOUS=true, and decides by the published ports who gets there.
ENV BIND_ADDRESS=0.0.0.0 \
    PORT=9002 \
    DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 9002

HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD curl --fail --silent --show-error --output /dev/null "http://127.0.0.1:${PORT}/health"

# The launcher replaces itself by Java, which so gets the signals of `docker stop`.
ENTRYPOINT ["/opt/minikv/bin/minikv"]
CMD ["serve"]
