namespace ServerlessCA.Slack.Tests.Fakes;

/// <summary>One request as a server got it. Immutable.</summary>
public sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);
