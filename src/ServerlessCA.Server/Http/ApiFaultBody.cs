namespace ServerlessCA.Server.Http;

/// <summary>The body of a fault as AWS writes it.</summary>
/// <param name="Type"><c>User</c> when the caller can mend it, else <c>Service</c>.</param>
/// <param name="Message">For people.</param>
internal sealed record ApiFaultBody(string Type, string Message);
