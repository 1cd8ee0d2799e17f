namespace ServerlessCA.Core.Ports;

/// <summary>Downloads what certificates point to, as a program does that checks one (RFC 5280 §4.2.1.13): by a GET without
/// credentials or cookies that follows no redirect.</summary>
public interface IPublicDownload
{
    /// <summary>Downloads one file. A failure of a server or the network is an outcome, not an exception.</summary>
    /// <param name="address">Only <c>http</c> and <c>https</c> are downloaded.</param>
    /// <param name="maxOctets">A longer answer is a failure.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="OperationCanceledException">Only by <paramref name="cancellation"/>.</exception>
    Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation);
}

/// <summary>Says how a download ended.</summary>
public abstract record DownloadOutcome
{
    private DownloadOutcome()
    {
    }

    /// <summary>A server answered. Immutable.</summary>
    /// <param name="Status">The status code of HTTP, such as 200.</param>
    /// <param name="MediaType">Without parameters; null when the server names none.</param>
    /// <param name="Location">Where a redirect leads, as the server wrote it; null without.</param>
    /// <param name="Content">The whole body, with status 200; else empty.</param>
    public sealed record Response(int Status, string? MediaType, string? Location, ReadOnlyMemory<byte> Content) : DownloadOutcome;

    /// <summary>No complete answer came. Immutable.</summary>
    /// <param name="Why">Such as <c>Connection refused</c>.</param>
    public sealed record Failure(string Why) : DownloadOutcome;
}
