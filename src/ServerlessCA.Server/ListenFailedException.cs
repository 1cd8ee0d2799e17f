namespace ServerlessCA.Server;

/// <summary>The server cannot listen where it shall. The message says why, in words that go behind "cannot listen on …:".</summary>
/// <param name="message">Why.</param>
/// <param name="isTaken">Whether another program has the port.</param>
/// <param name="cause">What the system said.</param>
public sealed class ListenFailedException(string message, bool isTaken, Exception cause) : IOException(message, cause)
{
    /// <summary>Whether another program has the port.</summary>
    public bool IsTaken => isTaken;
}
