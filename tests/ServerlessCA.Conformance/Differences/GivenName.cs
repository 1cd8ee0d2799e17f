namespace ServerlessCA.Conformance.Differences;

/// <summary>A name in a request's <c>sans</c>.</summary>
/// <param name="Type">As given; that of a domain where none is given.</param>
/// <param name="Text">As given; null when it is no text.</param>
/// <param name="Fault">Why it cannot be a name whatever its type; null when it can.</param>
internal sealed record GivenName(string Type, string? Text, string? Fault);
