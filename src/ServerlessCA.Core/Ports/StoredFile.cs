namespace ServerlessCA.Core.Ports;

/// <summary>A file as it was read. Immutable.</summary>
/// <param name="Content">All its bytes.</param>
/// <param name="Version">Opaque: changes whenever the content does (an ETag, a digest).</param>
public sealed record StoredFile(ReadOnlyMemory<byte> Content, string Version);
