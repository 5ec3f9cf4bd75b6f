# For those who build with Docker: docker build --target operator -t tidekeeper/operator:0.1.0 . (or --target node). `./tide image` makes
# smaller images of the same programs without it. The tags are versions: what a build takes must not change from one day to the next.
ARG SDK=10.0.100-noble
ARG RUNTIME=10.0.0-noble-chiseled

FROM mcr.microsoft.com/dotnet/sdk:${SDK} AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY eng eng
COPY src src
COPY examples examples
RUN dotnet publish src/Tidekeeper.Operator -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true -o /out/operator \
 && dotnet publish src/Tidekeeper.Cli -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true -o /out/node

# Neither shell nor package manager; its user 1654 is not root.
FROM mcr.microsoft.com/dotnet/runtime-deps:${RUNTIME} AS node
ENV DOTNET_EnableDiagnostics=0
WORKDIR /tmp
COPY --from=build /out/node /app
USER 65532:65532
ENTRYPOINT ["/app/tide"]

FROM mcr.microsoft.com/dotnet/runtime-deps:${RUNTIME} AS operator
LABEL org.opencontainers.image.title=tidekeeper-operator org.opencontainers.image.licenses=Apache-2.0
ENV DOTNET_EnableDiagnostics=0
WORKDIR /tmp
COPY --from=build /out/operator /app
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/app/tidekeeper-operator"]
