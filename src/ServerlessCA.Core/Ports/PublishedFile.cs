namespace ServerlessCA.Core.Ports;

/// <summary>A file to publish.</summary>
/// <param name="Key">Its name, such as <c>serverless-root-ca-dev.crl</c>.</param>
/// <param name="ContentType">Its media type (contract 12.6).</param>
/// <param name="Content">Its bytes.</param>
public sealed record PublishedFile(string Key, string ContentType, ReadOnlyMemory<byte> Content);
