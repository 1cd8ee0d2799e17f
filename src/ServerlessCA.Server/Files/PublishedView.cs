namespace ServerlessCA.Server.Files;

/// <summary>A published file as it is served. Immutable.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Version">The store's; the entity tag is made of it.</param>
/// <param name="Modified">UTC: when a CRL or a CA certificate was made; null when that cannot be read.</param>
/// <param name="NextUpdate">UTC: when a CRL is replaced at the latest; null for certificates.</param>
internal sealed record PublishedView(ReadOnlyMemory<byte> Content, string Version, DateTimeOffset? Modified, DateTimeOffset? NextUpdate);
