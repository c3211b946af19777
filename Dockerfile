# An image with treec, the shared libraries that ldd lists for it, and nothing else:
#
#   docker build -t treec .
#   docker run -p 5000:5000 -v "$PWD/model.tir:/model.tir:ro" treec
#
# There is no shell and no curl in it, so no HEALTHCHECK either: let the orchestrator ask /ping.

ARG SWIFT_VERSION=6.3
FROM swift:${SWIFT_VERSION}-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update -qq \
  && apt-get install -qq -y --no-install-recommends make \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make install DESTDIR=/installed PREFIX=/usr/local \
  && scripts/install-image-root.sh /installed/usr/local/bin/treec /image

FROM scratch
LABEL org.opencontainers.image.title="treec" \
  org.opencontainers.image.description="Runs tree models exactly as the library that trained them."
COPY --from=build /image/ /
USER 65532:65532
EXPOSE 5000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/treec"]
CMD ["serve", "/model.tir", "--host", "0.0.0.0"]
